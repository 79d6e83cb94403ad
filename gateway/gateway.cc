#include "gateway/gateway.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <fstream>

#include "core/log.h"
#include "core/patience.h"
#include "core/version.h"
#include "gateway/acceptance.h"
#include "gateway/availability_log.h"
#include "gateway/certificate_watch.h"
#include "gateway/checkpointer.h"
#include "gateway/collector.h"
#include "gateway/court_binding.h"
#include "gateway/court_reach.h"
#include "gateway/court_system_directory.h"
#include "gateway/deliveries.h"
#include "gateway/desk.h"
#include "gateway/every.h"
#include "gateway/http_server.h"
#include "gateway/intake_service.h"
#include "gateway/metrics.h"
#include "gateway/operator_service.h"
#include "gateway/pdf_check.h"
#include "gateway/report.h"
#include "gateway/start_files.h"
#include "gateway/stopping.h"
#include "gateway/tls_listener.h"
#include "gateway/unread_request.h"
#include "rules/shown_fields.h"
#include "store/upload.h"

namespace nightbox {
namespace {

constexpr std::size_t kPoolJobsMax = 4096;
constexpr std::chrono::milliseconds kTick{1'000};

CommitterOptions CommitterBounds(const CapacityConfig& capacity) {
  CommitterOptions options;
  options.lane_max[static_cast<std::size_t>(Lane::kFiling)] =
      static_cast<std::size_t>(capacity.queue_filings_max);
  options.waiting_bytes_max = static_cast<std::size_t>(capacity.queue_bytes_max);
  return options;
}

ConnectionLimits LimitsOf(const IntakeConfig& intake) {
  ConnectionLimits limits;
  limits.total = static_cast<std::size_t>(intake.connections_max);
  limits.per_address = static_cast<std::size_t>(intake.connections_per_address_max);
  limits.silent_per_address = static_cast<std::size_t>(intake.silent_connections_per_address_max);
  return limits;
}

// How long news of a court hold: long enough for two probes in a row to be lost.
Microseconds NewsHold(const ReplayConfig& replay) {
  // A check comes at most half as late again as it should.
  const milliseconds longest = std::max(replay.probe_max, replay.check_interval * 3 / 2);
  return 2 * longest + std::chrono::minutes(1);
}

HttpServerOptions HttpOptionsOf(const HttpConfig& http) {
  HttpServerOptions options;
  options.listen = http.listen;
  options.certificate = http.certificate;
  options.key = http.key;
  options.connections_max = static_cast<std::size_t>(http.connections_max);
  return options;
}

// Renamed into place, so that whoever waits for the file reads it whole.
Result<void> WritePorts(const std::filesystem::path& file, std::uint16_t intake,
                        const HttpServer& http, const HttpServer* monitoring) {
  const std::filesystem::path half = file.string() + ".part";
  std::ofstream ports(half);
  ports << "{\"intake\":" << intake << ",\"http\":" << http.port();
  if (monitoring != nullptr) ports << ",\"monitoring\":" << monitoring->port();
  ports << "}\n";
  ports.close();
  std::error_code error;
  std::filesystem::rename(half, file, error);
  if (error) return Error{ErrorCode::kFailedPrecondition, "cannot write " + file.string()};
  return {};
}

// Who decides on requests for what is not shown. Empty: nobody is named.
std::string CustodianOf(const CourtSystem& system) {
  return system.records_custodian ? CustodianWords(system.records_custodian->value) : "";
}

}  // namespace

int ExitCodeFor(const Error& error) {
  if (error.code == ErrorCode::kDataLoss) return kExitEvidence;
  if (error.code == ErrorCode::kUnavailable || error.reason == "DISK_LOCKED") return kExitRestart;
  return kExitConfiguration;
}

// In the order of construction: what stands below is taken apart first.
struct Gateway::Parts {
  Parts(const GatewayConfig& c, Durability how, CmsSigner s, std::string root, CourtSystem cs,
        std::unique_ptr<AccessDirectory> a)
      : config(c),
        durability(how),
        signer(std::move(s)),
        root_pem(std::move(root)),
        court_system(std::move(cs)),
        policies(std::make_shared<const CourtDirectory>(court_system.courts),
                 SettingsOf(court_system, clock.Now()), config.ServedCourts()),
        shown(court_system.public_access, Renderings(),
              court_system.statements.front().time_zone->value, CustodianOf(court_system),
              court_system.access_categories),
        access(std::move(a)),
        watchers(static_cast<std::size_t>(config.capacity.watchers_max)),
        attempts(
            {static_cast<std::uint64_t>(config.capacity.user_refused_attempts_per_minute), 10'000}),
        rates({static_cast<std::uint64_t>(config.capacity.user_requests_per_minute),
               static_cast<std::uint64_t>(config.capacity.user_requests_burst), 10'000}),
        uploads(static_cast<std::size_t>(config.capacity.uploads_max),
                static_cast<std::size_t>(config.capacity.uploads_per_system_max)),
        reach(NewsHold(config.replay), policies.directory(),
              BoundApart(config.case_systems, policies.directory())) {}

  void OpenDoor();
  DeskParts PartsOfDesk();
  Result<void> Listen(const std::filesystem::path& port_file);
  Result<void> ListenForPages();
  Result<void> StartDelivering();
  void Tick();
  void Published(const Committed& committed);
  void FailStop(const Error& why);
  void TellSuppressed(bool all);
  void LastWords();
  void WaitForSignals();
  void Signalled(int signal);

  const GatewayConfig config;
  const Durability durability;
  SystemClock clock;
  SystemRandom random;
  CmsSigner signer;
  std::string root_pem;
  const CourtSystem court_system;
  CourtPolicies policies;
  const ShownFields shown;
  std::unique_ptr<AccessDirectory> access;
  std::shared_ptr<grpc::ServerCredentials> credentials;  // Of the intake.

  std::optional<OpenedStore> store;
  std::unique_ptr<PdfChecker> pdf_checker;
  std::unique_ptr<Metrics> metrics;
  Watchers watchers;
  AttemptLimiter attempts;
  RateLimiter rates;
  UploadRegistry uploads;
  std::optional<DiskWatch> disk;
  std::optional<CertificateWatch> certificates;
  CourtReachTable reach;
  // Set once deliveries have begun: the committer's thread tells them what was published.
  std::atomic<Deliveries*> published_to = nullptr;

  boost::asio::io_context loop{1};
  std::unique_ptr<Committer> committer;
  std::unique_ptr<WorkerPool> pool;
  std::unique_ptr<Checkpointer> checkpointer;
  std::unique_ptr<Collector> collector;
  std::unique_ptr<AvailabilityLog> availability;
  std::unique_ptr<Deliveries> deliveries;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<IntakeService> intake;
  std::unique_ptr<OperatorService> operators;
  std::unique_ptr<TlsListener> listener;
  CallCount calls;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<Report> report;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<HttpServer> monitoring;  // Null: not apart from `http`.
  std::optional<Every> tick;
  std::optional<Every> look_at_access;
  boost::asio::signal_set signals{loop, SIGTERM, SIGINT, SIGHUP};
  std::optional<Stopping> stopping;
};

void Gateway::Parts::OpenDoor() {
  std::vector<CourtId> enabled;
  for (const auto& policy : policies.Enabled()) enabled.push_back(policy->court);
  metrics = std::make_unique<Metrics>(enabled, std::string(Version()));
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
  events.fail_stop = [this](const Error& why) { FailStop(why); };
  events.on_not_taken = [this](const std::vector<StoredExtent>& extents) {
    store->segments->PunchLater(PlacesOf(extents));
  };
  committer = std::make_unique<Committer>(*store->journal, clock, CommitterBounds(config.capacity),
                                          std::move(events));
  checkpointer = std::make_unique<Checkpointer>(*store->journal, *committer, store->log);
  collector = std::make_unique<Collector>(*store->journal, *committer, *store->segments, *pool);
  availability = std::make_unique<AvailabilityLog>(
      enabled, AvailabilityOptions{.fresh = reach.fresh()}, clock, reach,
      [this](Draft draft, Committer::Done done) {
        committer->Submit(std::move(draft), std::move(done));
      },
      [this](std::function<void()> act) { boost::asio::post(loop, std::move(act)); });
  deliveries = std::make_unique<Deliveries>(
      config, policies.directory(), enabled, loop, *store->journal, *committer, *store->segments,
      clock, random, reach,
      [this](const std::vector<AvailabilityNews>& news) { availability->Heard(news); });
  disk.emplace(*store->disk, config);
  certificates.emplace(config, clock.BootNow());
  metrics->Set(certificates->ends(), certificates->ReceiptKeyAge(clock.Now()));
  DeskParts parts = PartsOfDesk();
  parts.count_refusal = [this](std::string_view reason) { metrics->AttemptRefused(reason); };
  parts.count_document = [this](std::int64_t size_bytes) { metrics->DocumentStored(size_bytes); };
  desk = std::make_unique<Desk>(std::move(parts));
  intake = std::make_unique<IntakeService>(*desk);
  operators = std::make_unique<OperatorService>(
      *desk, clock.Now(), reach,
      [this](std::uint64_t filing_sequence, Draft draft, Committer::Done done) {
        deliveries->Act(filing_sequence, std::move(draft), std::move(done));
      },
      signer, root_pem);
}

DeskParts Gateway::Parts::PartsOfDesk() {
  return {config,
          *store->journal,
          *committer,
          *store->segments,
          *pool,
          policies,
          court_system.deadlines,
          shown,
          *access,
          watchers,
          attempts,
          uploads,
          rates,
          clock,
          random,
          [this](const CourtId& court) { return reach.Reachable(court, clock.Now()); },
          [this] { return disk->state(); },
          [this](const auto& read, std::int64_t size) {
            const PdfInspection inspection = CheckStoredPdf(*pdf_checker, read, size);
            metrics->PdfExamined(inspection.finding);
            return inspection;
          },
          [this](const FilingSnapshot& filing) {
            return MakePackage(*store->journal->view(), filing, store->log.origin(), root_pem);
          },
          [this](const CourtId& court, const std::string& case_number) {
            return CategoriesChosen(court_system.category_choices, court_system.circuits,
                                    court_system.courts, court, case_number,
                                    court_system.case_years);
          },
          &court_system.circuits,
          &court_system.case_years,
          &court_system.case_lengths,
          &court_system.separate_files,
          &court_system.official_record};
}

// The committer's thread.
void Gateway::Parts::Published(const Committed& committed) {
  std::size_t filings = 0;
  for (const Result<Outcome>& outcome : committed.outcomes) {
    if (!outcome || outcome->repeated || !outcome->filing) continue;
    if (outcome->delivered) metrics->FilingDelivered(outcome->filing->state.court);
    if (outcome->sequence != outcome->filing->sequence) continue;
    ++filings;
    metrics->FilingReceived(outcome->filing->state.court, outcome->filing->record.header.test);
  }
  metrics->Committed(committer->counts().last_commit, filings);
  watchers.Tell(committed.changed_filings);
  if (auto* const replay = published_to.load()) replay->Published(committed);
}

// The committer's thread.
void Gateway::Parts::FailStop(const Error& why) {
  Log(LogLevel::kError, "the outcome of a commit is unknown; restarting to find it",
      {{"why", why.message}});
  // Whatever hangs, a call or a thread on a dead disk: two seconds and no longer.
  ::signal(SIGALRM, [](int) { _exit(kExitRestart); });
  ::alarm(2);
  // Calls that have their answer may still send it; nobody gets a receipt from here on.
  if (server) server->Shutdown(DeadlineIn(std::chrono::seconds(1)));
  _exit(kExitRestart);
}

void Gateway::Parts::Tick() {
  store->journal->LookAtClock();
  checkpointer->Tick();
  disk->Look();
  certificates->Look(clock.Now(), clock.BootNow());
  metrics->Set(certificates->ends(), certificates->ReceiptKeyAge(clock.Now()));
  collector->Tick(clock.Now());
  availability->Tick();
  TellSuppressed(/*all=*/false);
}

void Gateway::Parts::LastWords() {
  tick->Stop();  // The committer takes nothing more.
  TellSuppressed(/*all=*/true);
  availability->Stopped();
}

void Gateway::Parts::TellSuppressed(bool all) {
  for (SuppressAttempts& due : attempts.TakeDue(clock.BootNow(), all)) {
    committer->Submit(std::move(due), [](const Result<Outcome>&) {});
  }
}

Result<void> Gateway::Parts::Listen(const std::filesystem::path& port_file) {
  NB_ASSIGN_OR_RETURN(listener,
                      TlsListener::Bind(loop, config.intake.listen, LimitsOf(config.intake)));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  BoundServer(builder, config.intake.handshake_timeout);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(calls.Factory());
  interceptors.push_back(UnreadRequestFactory());
  listener->AddTo(builder, credentials, std::move(interceptors));
  builder.RegisterService(intake.get());
  builder.RegisterService(operators.get());
  server = builder.BuildAndStart();
  if (!server) return Error{ErrorCode::kUnavailable, "the gRPC server did not start"};
  server->GetHealthCheckService()->SetServingStatus("nightbox.intake.v1.IntakeService", true);
  server->GetHealthCheckService()->SetServingStatus("nightbox.operator.v1.OperatorService", true);
  report = std::make_unique<Report>(ReportParts{*desk, durability, reach, *disk, *metrics,
                                                [this] { return listener->counts(); }});
  NB_RETURN_IF_ERROR(ListenForPages());
  listener->Start();
  Log(LogLevel::kInfo, "listening",
      {{"intake", listener->addresses().front().Text()},
       {"http_port", int{http->port()}},
       {"monitoring_port", monitoring ? int{monitoring->port()} : 0}});
  if (port_file.empty()) return {};
  return WritePorts(port_file, listener->addresses().front().port, *http, monitoring.get());
}

Result<void> Gateway::Parts::ListenForPages() {
  const auto status = [this] { return report->Status(); };
  const std::function<std::string()> metrics_text = [this] { return report->MetricsText(); };
  NB_ASSIGN_OR_RETURN(
      http, HttpServer::Start(
                loop, HttpOptionsOf(config.http),
                StatusRoutes(status, config.MetricsOnHttp() ? metrics_text : nullptr, clock)));
  if (!config.monitoring) return {};
  NB_ASSIGN_OR_RETURN(monitoring, HttpServer::Start(loop, HttpOptionsOf(*config.monitoring),
                                                    StatusRoutes(status, metrics_text, clock)));
  return {};
}

Result<void> Gateway::Parts::StartDelivering() {
  NB_RETURN_IF_ERROR(availability->Started(*store->journal->view()));
  NB_ASSIGN_OR_RETURN(const auto balances, store->journal->view()->ListBalances());
  for (const std::string& what :
       WaitingForNobody(config.case_systems, policies.directory(), balances))
    Log(LogLevel::kWarning, "will not go well", {{"what", what}});
  // Told first, then started: filings are received already, and one published in between would be
  // neither among what Start reads nor among the news.
  published_to = deliveries.get();
  const auto started = deliveries->Start();
  if (started) return {};
  // Nobody may be told any more when the deliveries go.
  committer->Drain();
  published_to = nullptr;
  return started.error();
}

void Gateway::Parts::WaitForSignals() {
  signals.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    WaitForSignals();
    Signalled(signal);
  });
}

void Gateway::Parts::Signalled(int signal) {
  if (signal == SIGHUP) {
    const auto reloaded = access->Reload();
    if (reloaded) {
      watchers.TellAll();
    } else {
      Log(LogLevel::kError, "access directory not reloaded", {{"why", reloaded.error().message}});
    }
    return;
  }
  if (stopping->begun()) {
    // As correct as a SIGKILL, and as quick.
    Log(LogLevel::kWarning, "asked twice to stop: ending at once");
    _exit(kExitDone);
  }
  stopping->Begin();
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::Open(const GatewayConfig& config, Durability durability) {
  StartReading read = ReadStartFiles(config, SystemClock().Now());
  for (const ConfigFinding& warning : read.warnings)
    Log(LogLevel::kWarning, "will not go well", {{"what", warning.Text()}});
  if (!read.files) return Unusable(read.findings);
  StartFiles& files = *read.files;
  auto parts = std::make_unique<Parts>(config, durability, std::move(files.signer),
                                       std::move(files.root_pem), std::move(files.court_system),
                                       std::move(files.access));
  parts->credentials = std::move(files.credentials);
  NB_ASSIGN_OR_RETURN(parts->store, OpenStore(parts->config, durability, parts->clock,
                                              parts->random, parts->signer));
  parts->OpenDoor();
  if (config.profile == Profile::kProduction) {
    NB_RETURN_IF_ERROR(JournalAcceptance(parts->court_system, *parts->committer));
  } else if (const auto values = parts->court_system.unconfirmed.size(); values > 0) {
    Log(LogLevel::kWarning, "a trial: values of the court system are unconfirmed (--check)",
        {{"values", std::uint64_t{values}}});
  }
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

Result<void> Gateway::Run(const std::filesystem::path& port_file,
                          const std::function<void()>& serving) {
  Parts& parts = *parts_;
  NB_RETURN_IF_ERROR(parts.Listen(port_file));
  if (const auto started = parts.StartDelivering(); !started) {
    // Not in order, but in time: a client that sits idle must not hold this process.
    parts.server->Shutdown(DeadlineIn(kTick));
    return started.error();
  }
  parts.tick.emplace(parts.loop, kTick, [&parts] { parts.Tick(); });
  parts.look_at_access.emplace(parts.loop, parts.config.access.check_interval, [&parts] {
    if (parts.access->ReloadIfChanged()) parts.watchers.TellAll();
  });
  parts.stopping.emplace(StoppingParts{parts.loop, *parts.desk, *parts.listener, *parts.server,
                                       parts.calls, *parts.deliveries, parts.config.shutdown_grace,
                                       [&parts] { parts.LastWords(); }});
  parts.WaitForSignals();
  if (serving) serving();
  parts.loop.run();

  // From here on the system's own way with signals: nobody would look at ours any more.
  boost::system::error_code ignored;
  ignored = parts.signals.clear(ignored);
  parts.stopping.reset();
  parts.http->Stop();
  if (parts.monitoring) parts.monitoring->Stop();
  parts.published_to = nullptr;
  parts.deliveries.reset();
  parts.pool.reset();
  Log(LogLevel::kInfo, "stopped");
  return {};
}

}  // namespace nightbox
