#include "gateway/gateway.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <iterator>

#include "core/log.h"
#include "core/patience.h"
#include "evidence/checkpoint.h"
#include "gateway/checkpointer.h"
#include "gateway/collector.h"
#include "gateway/court_reach.h"
#include "gateway/deliveries.h"
#include "gateway/desk.h"
#include "gateway/http_server.h"
#include "gateway/intake_service.h"
#include "gateway/metrics.h"
#include "gateway/operator_service.h"
#include "gateway/pdf_check.h"
#include "gateway/status_page.h"
#include "gateway/tls_listener.h"
#include "store/journal_directory.h"
#include "store/null_store.h"
#include "store/opening.h"
#include "store/posix_disk.h"
#include "store/upload.h"

namespace nightbox {
namespace {

constexpr std::size_t kPoolJobsMax = 4096;
constexpr auto kTick = std::chrono::seconds(1);
constexpr std::string_view kStoreOffName = "store-off";

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return Error{ErrorCode::kFailedPrecondition, "cannot read " + path.string()};
  return bytes;
}

JournalOptions OptionsFor(const GatewayConfig& config, const std::string& directory,
                          const LogSigner& log, rocksdb::Env* env) {
  JournalOptions options;
  options.env = env;
  options.directory = directory;
  options.gateway = config.name;
  options.origin = log.origin();
  options.log_key = log.verifier_key();
  return options;
}

// What a gateway that keeps nothing promises is worth nothing: it must not be reachable, and its
// receipts must say so by its name.
Result<void> MayKeepNothing(const GatewayConfig& config) {
  bool loopback = config.http.listen.IsLoopback();
  for (const ListenAddress& address : config.intake.listen)
    loopback = loopback && address.IsLoopback();
  if (loopback && config.name.starts_with(kStoreOffName)) return {};
  return Error{ErrorCode::kFailedPrecondition,
               "--store-off keeps no filing: it wants loopback addresses only, and a gateway.name "
               "that begins with store-off"};
}

CommitterOptions CommitterBounds(const CapacityConfig& capacity) {
  CommitterOptions options;
  options.lane_max[static_cast<std::size_t>(Lane::kFiling)] =
      static_cast<std::size_t>(capacity.queue_filings_max);
  options.waiting_bytes_max = static_cast<std::size_t>(capacity.queue_bytes_max);
  return options;
}

}  // namespace

int ExitCodeFor(const Error& error) {
  if (error.code == ErrorCode::kDataLoss) return kExitEvidence;
  if (error.code == ErrorCode::kUnavailable || error.reason == "DISK_LOCKED") return kExitRestart;
  return kExitConfiguration;
}

// In the order of construction: what stands below is taken apart first.
struct Gateway::Parts {
  Parts(const GatewayConfig& c, Durability how, CmsSigner s, LogSigner l,
        std::shared_ptr<const CourtDirectory> d, std::unique_ptr<AccessDirectory> a)
      : config(c),
        durability(how),
        signer(std::move(s)),
        log(std::move(l)),
        courts(std::move(d)),
        policies(courts, config.courts, config.ServedCourts()),
        access(std::move(a)),
        watchers(static_cast<std::size_t>(config.capacity.watchers_max)),
        attempts(
            {static_cast<std::uint64_t>(config.capacity.user_refused_attempts_per_minute), 10'000}),
        rates({static_cast<std::uint64_t>(config.capacity.user_requests_per_minute),
               static_cast<std::uint64_t>(config.capacity.user_requests_burst), 10'000}),
        uploads(static_cast<std::size_t>(config.capacity.uploads_max),
                static_cast<std::size_t>(config.capacity.uploads_per_system_max)) {}

  Result<void> OpenStore();
  void OpenDoor();
  Result<void> Listen(const std::filesystem::path& port_file);
  void Tick();
  void ScheduleTick();
  void Published(const Committed& committed);
  void Shutdown();
  DiskState LookAtDisk();
  StatusSnapshot Status() const;
  std::string MetricsText();
  PdfFinding InspectPdf(const std::function<Result<std::string>(std::int64_t, std::size_t)>& read,
                        std::int64_t size);

  const GatewayConfig config;
  const Durability durability;
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<rocksdb::Env> env;  // Null: the machine's.
  std::unique_ptr<Disk> disk = std::make_unique<PosixDisk>();
  CmsSigner signer;
  LogSigner log;
  std::string root_pem;
  std::shared_ptr<const CourtDirectory> courts;
  CourtPolicies policies;
  std::unique_ptr<AccessDirectory> access;

  // Keeps `journal init` and `set-aside` out while the gateway runs.
  ClaimedJournal claim;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<SegmentFiles> segments;
  std::unique_ptr<PdfChecker> pdf_checker;
  std::unique_ptr<Metrics> metrics;
  Watchers watchers;
  AttemptLimiter attempts;
  RateLimiter rates;
  UploadRegistry uploads;
  std::atomic<DiskState> disk_state = DiskState::kPlenty;
  std::atomic<std::uint64_t> disk_free = 0;
  CourtReachTable reach;
  // Set once deliveries have begun: the committer's thread tells them what was published.
  std::atomic<Deliveries*> published_to = nullptr;

  boost::asio::io_context loop{1};
  std::unique_ptr<Committer> committer;
  std::unique_ptr<WorkerPool> pool;
  std::unique_ptr<Checkpointer> checkpointer;
  std::unique_ptr<Collector> collector;
  std::unique_ptr<Deliveries> deliveries;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<IntakeService> intake;
  std::unique_ptr<OperatorService> operators;
  std::unique_ptr<TlsListener> listener;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<HttpServer> http;
  boost::asio::steady_timer tick{loop};
  boost::asio::signal_set signals{loop, SIGTERM, SIGINT, SIGHUP};
};

Result<void> Gateway::Parts::OpenStore() {
  NB_ASSIGN_OR_RETURN(root_pem, ReadFile(config.receipts.root));
  if (durability == Durability::kOff) {
    NB_RETURN_IF_ERROR(MayKeepNothing(config));
    NB_ASSIGN_OR_RETURN(NullStore nothing,
                        MakeNullStore(OptionsFor(config, "", log, nullptr), clock, random,
                                      config.data_directory.string()));
    env = std::move(nothing.env);
    disk = std::move(nothing.disk);
    Log(LogLevel::kWarning, "THE STORE IS OFF: NOTHING IS KEPT, AND NO RECEIPT IS WORTH ANYTHING");
  }
  NB_ASSIGN_OR_RETURN(claim, ClaimJournalDirectory(*disk, config.data_directory.string()));
  const JournalDirectory& where = claim.directory;
  // A log opened after set-aside is another log: to a witness it must not look like a fork of the
  // old one.
  NB_ASSIGN_OR_RETURN(log,
                      LogSigner::Load(config.receipts.log_key,
                                      "nightbox/" + config.name + "/" + where.log_id.substr(0, 8)));
  NB_ASSIGN_OR_RETURN(journal, Journal::Open(OptionsFor(config, where.path, log, env.get()), *disk,
                                             clock, random, signer));
  if (journal->head_slot_bad())
    Log(LogLevel::kWarning, "one slot of the head file was bad; the other was used");
  NB_ASSIGN_OR_RETURN(const CommittedEnds ends, journal->view()->ReadSegmentEnds());
  NB_ASSIGN_OR_RETURN(segments,
                      SegmentFiles::Open(*disk, JournalPaths(where.path).documents, ends));
  Log(LogLevel::kInfo, "journal opened",
      {{"log_id", journal->identity().log_id}, {"entries", journal->view()->published()}});
  return {};
}

void Gateway::Parts::OpenDoor() {
  std::vector<CourtId> enabled;
  for (const auto& policy : policies.Enabled()) enabled.push_back(policy->court);
  metrics = std::make_unique<Metrics>(enabled, "0.1.0");
  const auto program =
      config.pdf_check.program.empty() ? DefaultPdfCheckProgram() : config.pdf_check.program;
  pdf_checker = std::make_unique<PdfChecker>(
      program, config.data_directory,
      PdfCheckLimits{config.pdf_check.wall_time, config.pdf_check.cpu_seconds,
                     config.pdf_check.memory_bytes});
  pool = std::make_unique<WorkerPool>(static_cast<std::size_t>(config.capacity.document_threads),
                                      kPoolJobsMax);
  Committer::Events events;
  events.on_published = [this](const Committed& committed) { Published(committed); };
  events.on_not_taken = [this](const std::vector<StoredExtent>& extents) {
    segments->PunchLater(PlacesOf(extents));
  };
  events.fail_stop = [this](const Error& why) {
    Log(LogLevel::kError, "the outcome of a commit is unknown; restarting to find it",
        {{"why", why.message}});
    // Calls that have their answer may still send it; nobody gets a receipt from here on.
    if (server) server->Shutdown(DeadlineIn(std::chrono::seconds(1)));
    _exit(kExitRestart);
  };
  committer = std::make_unique<Committer>(*journal, clock, CommitterBounds(config.capacity),
                                          std::move(events));
  checkpointer = std::make_unique<Checkpointer>(*journal, *committer, log);
  collector = std::make_unique<Collector>(*journal, *committer, *segments, *pool);
  deliveries = std::make_unique<Deliveries>(config, enabled, loop, *journal, *committer, *segments,
                                            clock, random, reach);
  LookAtDisk();
  desk = std::make_unique<Desk>(
      DeskParts{config, *journal, *committer, *segments, *pool, policies, *access, watchers,
                attempts, uploads, rates, clock, random,
                [this](const CourtId& court) { return reach.Reachable(court, clock.Now()); },
                [this] { return disk_state.load(); },
                [this](const auto& read, std::int64_t size) { return InspectPdf(read, size); },
                [this](const FilingSnapshot& filing) {
                  return MakePackage(*journal->view(), filing, log.origin(), root_pem);
                }});
  intake = std::make_unique<IntakeService>(*desk);
  operators = std::make_unique<OperatorService>(
      *desk, clock.Now(), [this](const CourtId& court) { return reach.Of(court); });
}

PdfFinding Gateway::Parts::InspectPdf(
    const std::function<Result<std::string>(std::int64_t, std::size_t)>& read, std::int64_t size) {
  const PdfFinding finding = pdf_checker->Check(size, [&](int fd) -> Result<void> {
    for (std::int64_t offset = 0; offset < size;) {
      NB_ASSIGN_OR_RETURN(const std::string piece, read(offset, 1 << 20));
      if (piece.empty()) return Error{ErrorCode::kDataLoss, "a stored document ends early"};
      for (std::size_t written = 0; written < piece.size();) {
        const ssize_t n = write(fd, piece.data() + written, piece.size() - written);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return Error{ErrorCode::kUnavailable, "the PDF checker does not listen"};
        written += static_cast<std::size_t>(n);
      }
      offset += static_cast<std::int64_t>(piece.size());
    }
    return {};
  });
  metrics->PdfExamined(finding);
  return finding;
}

void Gateway::Parts::Published(const Committed& committed) {
  std::size_t filings = 0;
  for (const Result<Outcome>& outcome : committed.outcomes) {
    if (!outcome || outcome->repeated || !outcome->filing ||
        outcome->sequence != outcome->filing->sequence)
      continue;
    ++filings;
    metrics->FilingReceived(outcome->filing->state.court, outcome->filing->record.header.test);
  }
  metrics->Committed(committer->counts().last_commit, filings);
  watchers.Tell(committed.changed_filings);
  if (auto* const replay = published_to.load()) replay->Published(committed);
}

DiskState Gateway::Parts::LookAtDisk() {
  const auto free = disk->FreeBytes(config.data_directory.string());
  if (free) {
    disk_free = *free;
    const auto bytes = static_cast<std::int64_t>(*free);
    disk_state = bytes < config.capacity.disk_reserve_filings_bytes   ? DiskState::kNoFilings
                 : bytes < config.capacity.disk_reserve_uploads_bytes ? DiskState::kNoUploads
                                                                      : DiskState::kPlenty;
  }
  return disk_state;
}

void Gateway::Parts::Tick() {
  checkpointer->Tick();
  LookAtDisk();
  access->ReloadIfChanged();
  collector->Tick(clock.Now());
  for (SuppressAttempts& due : attempts.TakeDue(clock.BootNow(), false)) {
    committer->Submit(std::move(due), [](const Result<Outcome>&) {});
  }
}

void Gateway::Parts::ScheduleTick() {
  tick.expires_after(kTick);
  tick.async_wait([this](boost::system::error_code error) {
    if (error) return;
    Tick();
    ScheduleTick();
  });
}

StatusSnapshot Gateway::Parts::Status() const {
  StatusSnapshot status;
  status.gateway = config.name;
  status.made_at = clock.Now();
  if (durability == Durability::kOff) status.not_ready = "not durable: started with --store-off";
  if (desk->shutting_down()) status.not_ready = "stopping";
  if (disk_state == DiskState::kNoFilings) status.not_ready = "disk reserve reached";
  const Accepting accepting = disk_state == DiskState::kPlenty      ? Accepting::kYes
                              : disk_state == DiskState::kNoUploads ? Accepting::kStoredOnly
                                                                    : Accepting::kNo;
  for (const auto& policy : policies.Enabled()) {
    CourtStatus row;
    row.court = policy->court;
    row.name = policy->court_name;
    row.accepting = accepting;
    const auto reachable = reach.Reachable(policy->court, status.made_at);
    row.delivering = !reachable   ? Delivering::kUnknown
                     : *reachable ? Delivering::kYes
                                  : Delivering::kDelayed;
    row.since = reach.Since(policy->court);
    row.last_checked = reach.LastChecked(policy->court);
    status.courts.push_back(std::move(row));
  }
  return status;
}

std::string Gateway::Parts::MetricsText() {
  const auto view = journal->view();
  const CommitterCounts counts = committer->counts();
  GatewayGauges gauges;
  for (const std::size_t waiting : counts.waiting) gauges.queue_waiting += waiting;
  gauges.uploads_running = uploads.count();
  gauges.watchers = watchers.count();
  gauges.published_sequence = view->published();
  gauges.disk_free_bytes = disk_free;
  gauges.clock_synchronized = clock.Quality().synchronized;
  gauges.ready = !desk->shutting_down() && durability == Durability::kOnDisk;
  metrics->Set(gauges);
  metrics->Set(listener->counts());
  if (const auto balances = view->ListBalances()) {
    for (const CourtBalance& court : *balances) {
      CourtBacklog backlog;
      backlog.court = court.court;
      backlog.pending = court.balance.Of(BalanceClass::kPending);
      backlog.held = court.balance.Of(BalanceClass::kHeld);
      backlog.uncertain = court.balance.Of(BalanceClass::kUncertain);
      backlog.flowing = reach.Of(court.court).state == CourtReach::State::kFlowing;
      const auto oldest = view->ListRunnable(court.court, 0, 1);
      if (oldest && !oldest->empty()) {
        const auto state = FindState(*view, oldest->front().filing_sequence);
        if (state && *state) backlog.oldest_age = clock.Now() - (*state)->received_at;
      }
      metrics->Set(backlog);
    }
  }
  return metrics->Text();
}

Result<void> Gateway::Parts::Listen(const std::filesystem::path& port_file) {
  ConnectionLimits limits;
  limits.total = static_cast<std::size_t>(config.intake.connections_max);
  limits.per_address = static_cast<std::size_t>(config.intake.connections_per_address_max);
  limits.silent_per_address =
      static_cast<std::size_t>(config.intake.silent_connections_per_address_max);
  NB_ASSIGN_OR_RETURN(listener, TlsListener::Bind(loop, config.intake.listen, limits));
  NB_ASSIGN_OR_RETURN(
      const auto credentials,
      LoadServerCredentials(config.intake.certificate, config.intake.key, config.intake.client_ca));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  BoundServer(builder, config.intake.handshake_timeout);
  listener->AddTo(builder, credentials);
  builder.RegisterService(intake.get());
  builder.RegisterService(operators.get());
  server = builder.BuildAndStart();
  if (!server) return Error{ErrorCode::kUnavailable, "the gRPC server did not start"};
  server->GetHealthCheckService()->SetServingStatus("nightbox.intake.v1.IntakeService", true);
  server->GetHealthCheckService()->SetServingStatus("nightbox.operator.v1.OperatorService", true);
  HttpServerOptions http_options;
  http_options.listen = config.http.listen;
  http_options.certificate = config.http.certificate;
  http_options.key = config.http.key;
  http_options.connections_max = static_cast<std::size_t>(config.http.connections_max);
  NB_ASSIGN_OR_RETURN(http,
                      HttpServer::Start(loop, http_options,
                                        StatusRoutes([this] { return Status(); },
                                                     [this] { return MetricsText(); }, clock)));
  listener->Start();
  const std::uint16_t intake_port = listener->addresses().front().port;
  Log(LogLevel::kInfo, "listening",
      {{"intake", listener->addresses().front().Text()}, {"http_port", int{http->port()}}});
  if (port_file.empty()) return {};
  // Renamed into place, so that whoever waits for it reads it whole.
  const std::filesystem::path half = port_file.string() + ".part";
  std::ofstream(half) << "{\"intake\":" << intake_port << ",\"http\":" << http->port() << "}\n";
  std::error_code error;
  std::filesystem::rename(half, port_file, error);
  if (error) return Error{ErrorCode::kFailedPrecondition, "cannot write " + port_file.string()};
  return {};
}

// Health NOT_SERVING, stop accepting, stop new deliveries, drain the committer, gRPC, loop, close.
// SIGKILL at any moment of it is as correct.
void Gateway::Parts::Shutdown() {
  Log(LogLevel::kInfo, "stopping");
  desk->BeginShutdown();
  server->GetHealthCheckService()->SetServingStatus(false);
  listener->Stop();
  http->Stop();
  tick.cancel();
  deliveries->Pause();
  for (SuppressAttempts& due : attempts.TakeDue(clock.BootNow(), true)) {
    committer->Submit(std::move(due), [](const Result<Outcome>&) {});
  }
  watchers.TellAll();
  loop.stop();
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::Open(const GatewayConfig& config, Durability durability) {
  NB_ASSIGN_OR_RETURN(auto signer,
                      CmsSigner::Load(config.receipts.certificate, config.receipts.key));
  NB_ASSIGN_OR_RETURN(auto log,
                      LogSigner::Load(config.receipts.log_key, "nightbox/" + config.name));
  NB_ASSIGN_OR_RETURN(auto directory, CourtDirectory::Load(config.court_data));
  NB_ASSIGN_OR_RETURN(auto access,
                      AccessDirectory::Open(config.access.directory, config.access.deny_list));
  auto parts = std::make_unique<Parts>(config, durability, std::move(signer), std::move(log),
                                       std::make_shared<const CourtDirectory>(std::move(directory)),
                                       std::move(access));
  NB_RETURN_IF_ERROR(parts->OpenStore());
  parts->OpenDoor();
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

Result<void> Gateway::Run(const std::filesystem::path& port_file) {
  Parts& parts = *parts_;
  NB_RETURN_IF_ERROR(parts.Listen(port_file));
  // Told first, then started: filings are received already, and one published in between would be
  // neither among what Start reads nor among the news.
  parts.published_to = parts.deliveries.get();
  if (const auto started = parts.deliveries->Start(); !started) {
    // Nobody may be told any more when the deliveries go.
    parts.committer->Drain();
    parts.published_to = nullptr;
    return started.error();
  }
  parts.ScheduleTick();
  std::function<void(boost::system::error_code, int)> on_signal = [&](boost::system::error_code
                                                                          error,
                                                                      int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      const auto reloaded = parts.access->Reload();
      if (!reloaded)
        Log(LogLevel::kError, "access directory not reloaded", {{"why", reloaded.error().message}});
      parts.signals.async_wait(on_signal);
      return;
    }
    parts.Shutdown();
  };
  parts.signals.async_wait(on_signal);
  parts.loop.run();

  parts.committer->Drain();
  parts.server->Shutdown(DeadlineIn(parts.config.shutdown_grace));
  parts.server->Wait();
  parts.published_to = nullptr;
  parts.deliveries.reset();
  parts.pool.reset();
  Log(LogLevel::kInfo, "stopped");
  return {};
}

}  // namespace nightbox
