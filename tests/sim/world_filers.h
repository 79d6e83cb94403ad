// WorldFilers: three filing systems and the operators. They send, lose the answer, repeat with the
// same content and with other content, send twice at once, open cases and follow them up, withdraw;
// they send documents first (tests/sim/world_documents.h), and some are refused before they are
// received. Operators hold, release, and end by two names what cannot be delivered.
//
// A filer who has no receipt repeats until there is one: at the end nobody is without.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/world_documents.h"
#include "tests/sim/world_stage.h"

namespace nightbox {

class WorldFilers {
 public:
  explicit WorldFilers(WorldStage& stage) : documents(stage), stage_(stage) {}

  WorldDocuments documents;

  // Plans what will be sent and done until then.
  void Plan(std::size_t filings, Microseconds until);
  // Every filing has its receipt.
  bool content() const { return without_receipt_ == 0; }
  // What was found damaged is sent again; then what is held is released, and what cannot be
  // delivered all the same is ended by two persons.
  void CloseWhatIsHeld();
  // Releases nothing and withdraws nothing any more.
  void Retire() { retired_ = true; }

 private:
  struct Filing {
    // Without what rides along.
    ReceiveFiling draft;
    std::vector<std::string> texts;
    std::optional<WallTime> first_tried_at;
    std::set<WallTime> sent_at;
    // Which of its uploads is the last: what comes of earlier ones is of no interest.
    std::uint64_t upload = 0;
    std::optional<FilingSnapshot> answer;
  };

  SystemName AnySystem();
  void SendNew();
  void Send(std::size_t filing);
  void SendAgain(std::size_t filing, Microseconds after);
  // A document must be sent first, and is. False: none must.
  bool SendDocument(std::size_t filing);
  ReceiveFiling DraftToSend(const Filing& filing);
  void RefusedAtFirst(std::size_t filing);
  void Heard(std::size_t filing, const Result<Outcome>& outcome);
  void Repeat(bool other_content);
  void SendElsewhere(const Filing& filing);
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
  std::map<std::uint64_t, int> released_;  // By sequence: how often.
  bool retired_ = false;
};

}  // namespace nightbox
