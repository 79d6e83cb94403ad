// WorldFilers: three filing systems and the operators. They send, lose the answer, repeat with the
// same content and with other content, send twice at once, open cases and follow them up, withdraw;
// operators hold, release, and end by two names what cannot be delivered.
//
// A filer who has no receipt repeats until there is one: at the end nobody is without.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/sim/world_stage.h"

namespace nightbox {

class WorldFilers {
 public:
  explicit WorldFilers(WorldStage& stage) : stage_(stage) {}

  // Plans what will be sent and done until then.
  void Plan(std::size_t filings, Microseconds until);
  // Every filing has its receipt.
  bool content() const { return without_receipt_ == 0; }
  // What is held is released, and what cannot be delivered all the same is ended by two persons.
  void CloseWhatIsHeld();
  // Releases nothing and withdraws nothing any more.
  void Retire() { retired_ = true; }

 private:
  struct Filing {
    ReceiveFiling draft;
    std::set<WallTime> sent_at;
    std::optional<FilingSnapshot> answer;
  };

  void SendNew();
  void Send(std::size_t filing);
  void SendAgain(std::size_t filing, Microseconds after);
  void Heard(std::size_t filing, const Result<Outcome>& outcome);
  void Repeat(bool other_content);
  void SendElsewhere(const ReceiveFiling& draft);
  CaseReference ChooseCase(const ReceiveFiling& draft, CourtId& court);
  const Filing* AnyOpenerOf(const SystemName& system);
  void Withdraw();
  void Hold();
  void Release();
  void OpenAnAttempt(const ReceiveFiling& draft);
  void RefuseAnAttempt();
  // Nobody minds whether it is possible now.
  void Try(Draft draft, std::string_view count_as);

  WorldStage& stage_;
  std::vector<Filing> filings_;
  std::size_t without_receipt_ = 0;
  std::set<std::uint64_t> released_;
  bool retired_ = false;
};

}  // namespace nightbox
