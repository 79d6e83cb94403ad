// WatchedPort: a case system's endpoint with a listener on the line, who hears what the gateway
// sends and what it is told before either side acts on it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "replay/case_system_port.h"

namespace nightbox {

struct Wire {
  std::function<void(std::size_t endpoint, const RecordRequest&)> on_record =
      [](std::size_t, const RecordRequest&) {};
  std::function<void(std::size_t endpoint, const Digest& key, const RecordAnswer&)> on_answer =
      [](std::size_t, const Digest&, const RecordAnswer&) {};
  std::function<void(std::size_t endpoint, const Digest& key, const QueryAnswer&)> on_query_answer =
      [](std::size_t, const Digest&, const QueryAnswer&) {};
};

class WatchedPort final : public CaseSystemPort {
 public:
  // All must outlive it.
  WatchedPort(std::size_t endpoint, CaseSystemPort& port, const Wire& wire)
      : endpoint_(endpoint), port_(port), wire_(wire) {}

  void Record(RecordRequest request, std::shared_ptr<DocumentSource> documents,
              std::function<void(RecordAnswer)> done) override {
    wire_.on_record(endpoint_, request);
    const Digest key = request.delivery_key;
    port_.Record(std::move(request), std::move(documents),
                 [this, key, done = std::move(done)](RecordAnswer answer) {
                   wire_.on_answer(endpoint_, key, answer);
                   done(std::move(answer));
                 });
  }
  void Query(const Digest& key, std::function<void(QueryAnswer)> done) override {
    port_.Query(key, [this, key, done = std::move(done)](QueryAnswer answer) {
      wire_.on_query_answer(endpoint_, key, answer);
      done(std::move(answer));
    });
  }
  void Check(std::vector<CourtId> courts, std::function<void(ProbeReport)> done) override {
    port_.Check(std::move(courts), std::move(done));
  }
  void RequestWithdrawal(const Digest& key, const std::string& reason,
                         std::function<void(Result<CourtRecord>)> done) override {
    port_.RequestWithdrawal(key, reason, std::move(done));
  }
  void Watch(const std::string& cursor,
             std::function<void(CourtRecord, std::string, Resume)> on_record,
             std::function<void(Error)> on_end) override {
    port_.Watch(cursor, std::move(on_record), std::move(on_end));
  }
  void Stop() override { port_.Stop(); }

 private:
  const std::size_t endpoint_;
  CaseSystemPort& port_;
  const Wire& wire_;
};

}  // namespace nightbox
