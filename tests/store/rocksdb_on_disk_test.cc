// Goal: RocksDB runs wholly on SimDisk, fast enough to be cut at every operation, and what it
// acknowledged as synced survives every cut: the ground the journal's own sweep stands on.
// Method: put and sync, cut at operation 1, 2, … until a run completes, both ways; with the sync of
// the log or of the directory left out, the same sweep must find a loss.
#include "tests/store/support/rocksdb_on_disk.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <iostream>
#include <map>
#include <string>

#include "core/check.h"
#include "store/posix_disk.h"
#include "store/sim_disk.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

constexpr char kDirectory[] = "/db";
constexpr int kPuts = 4;

// A disk with a durable, empty directory for the database.
void Prepare(SimDisk& disk) {
  NB_CHECK(disk.MakeDirectory(kDirectory));
  NB_CHECK(disk.SyncDirectory("/"));
}

std::unique_ptr<rocksdb::DB> Open(rocksdb::Env& env, rocksdb::Status* status,
                                  const std::string& directory = kDirectory) {
  rocksdb::DB* db = nullptr;
  *status = rocksdb::DB::Open(RepeatableOptions(env), directory, &db);
  return std::unique_ptr<rocksdb::DB>(db);
}

rocksdb::WriteOptions Synced(bool synced) {
  rocksdb::WriteOptions options;
  options.sync = synced;
  return options;
}

std::string KeyOf(int i) { return "key " + std::to_string(i); }
// Longer than a sector, so that a record can be torn.
std::string ValueOf(int i) { return std::string(700, static_cast<char>('a' + i)); }

// Opens, puts and syncs, opens again and puts more, with a flush in between; returns how many puts
// were acknowledged before the end or the power cut.
int Live(Disk& disk) {
  const auto env = RocksDbEnvOn(disk);
  int acknowledged = 0;
  for (int life = 0; life < 2; ++life) {
    rocksdb::Status status;
    const auto db = Open(*env, &status);
    if (!status.ok()) return acknowledged;
    for (int i = 0; i < kPuts; ++i) {
      const int n = life * kPuts + i;
      if (!db->Put(Synced(true), KeyOf(n), ValueOf(n)).ok()) return acknowledged;
      acknowledged = n + 1;
      if (i == kPuts / 2) {
        if (!db->Flush(rocksdb::FlushOptions()).ok()) return acknowledged;
      }
    }
    if (!db->Close().ok()) return acknowledged;
  }
  return acknowledged;
}

// Whether the database opens and holds the first `acknowledged` puts. In the default recovery mode:
// a loss that was acknowledged must not be hidden by a refusal, nor the other way round.
bool Holds(Disk& disk, int acknowledged) {
  const auto env = RocksDbEnvOn(disk);
  rocksdb::Status status;
  const auto db = Open(*env, &status);
  if (!status.ok()) return false;
  for (int i = 0; i < acknowledged; ++i) {
    std::string value;
    if (!db->Get(rocksdb::ReadOptions(), KeyOf(i), &value).ok() || value != ValueOf(i)) {
      return false;
    }
  }
  return true;
}

struct Swept {
  int runs = 0;
  int broken = 0;
  std::map<std::string, int> cut_points;
};

Swept Sweep(std::optional<DiskSubject> omitted, std::uint64_t seeds) {
  Swept swept;
  for (std::uint64_t n = 1;; ++n) {
    bool struck = false;
    for (std::uint64_t i = 0; i < 2 * seeds; ++i) {
      SimDisk disk;
      Prepare(disk);
      disk.SetOmitSync(omitted);
      disk.FailAt(n, i % 2 == 0 ? CutMode::kLost : CutMode::kDoneButUnreported);
      const int acknowledged = Live(disk);
      struck = disk.cut_point().has_value();
      if (struck) ++swept.cut_points[*disk.cut_point()];
      disk.CutPower(/*seed=*/n * seeds + i / 2);
      disk.SetOmitSync(std::nullopt);
      ++swept.runs;
      if (!Holds(disk, acknowledged)) {
        ++swept.broken;
        if (!omitted) ADD_FAILURE() << "cut at " << n << ", " << acknowledged << " acknowledged";
      }
    }
    if (!struck) return swept;
  }
}

TEST(RocksDbOnDiskTest, RunsOnEitherDisk) {
  const TemporaryDirectory directory;
  PosixDisk posix;
  SimDisk sim;
  Prepare(sim);
  for (const auto& [disk, path] :
       {std::pair<Disk*, std::string>{&posix, directory.path().string()}, {&sim, kDirectory}}) {
    const auto env = RocksDbEnvOn(*disk);
    rocksdb::Status status;
    auto db = Open(*env, &status, path);
    ASSERT_TRUE(status.ok()) << status.ToString();
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(db->Put(Synced(false), KeyOf(i), ValueOf(i % 26)).ok());
    ASSERT_TRUE(db->Flush(rocksdb::FlushOptions()).ok());
    ASSERT_TRUE(db->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr).ok());
    rocksdb::Status second;
    Open(*env, &second, path);
    EXPECT_FALSE(second.ok()) << "two at once";
    ASSERT_TRUE(db->Close().ok());
    db = Open(*env, &status, path);
    ASSERT_TRUE(status.ok()) << status.ToString();
    std::string value;
    EXPECT_TRUE(db->Get(rocksdb::ReadOptions(), KeyOf(199), &value).ok());
    EXPECT_EQ(value, ValueOf(199 % 26));
  }
}

TEST(RocksDbOnDiskTest, SyncedWritesSurviveAndUnsyncedOnesMayNot) {
  for (const bool synced : {true, false}) {
    int lost = 0;
    for (std::uint64_t seed = 0; seed < 16; ++seed) {
      SimDisk disk;
      Prepare(disk);
      {
        const auto env = RocksDbEnvOn(disk);
        rocksdb::Status status;
        const auto db = Open(*env, &status);
        ASSERT_TRUE(status.ok()) << status.ToString();
        for (int i = 0; i < kPuts; ++i) {
          ASSERT_TRUE(db->Put(Synced(synced), KeyOf(i), ValueOf(i)).ok());
        }
        disk.CutPower(seed);
      }
      if (!Holds(disk, kPuts)) ++lost;
    }
    if (synced) {
      EXPECT_EQ(lost, 0);
    } else {
      EXPECT_GT(lost, 0);
    }
  }
}

TEST(RocksDbOnDiskTest, NoCutLosesAnAcknowledgedPut) {
  const Swept swept = Sweep(std::nullopt, /*seeds=*/3);
  std::cout << swept.runs << " runs\n";
  for (const auto& [kind, count] : swept.cut_points) std::cout << kind << ": " << count << '\n';
  for (const char* kind : {"write of wal", "sync of wal", "sync of directory", "rename of other"}) {
    EXPECT_GT(swept.cut_points.contains(kind), 0) << kind;
  }
}

TEST(RocksDbOnDiskTest, TheSweepNoticesAMissingSyncOfTheLog) {
  EXPECT_GT(Sweep(DiskSubject::kWal, /*seeds=*/1).broken, 0);
}

TEST(RocksDbOnDiskTest, TheSweepNoticesAMissingSyncOfTheDirectory) {
  EXPECT_GT(Sweep(DiskSubject::kDirectory, /*seeds=*/1).broken, 0);
}

TEST(RocksDbOnDiskTest, AFullDiskRefusesPutsAndKeepsWhatWasAcknowledged) {
  SimDisk disk;
  Prepare(disk);
  int acknowledged = 0;
  {
    const auto env = RocksDbEnvOn(disk);
    rocksdb::Status status;
    const auto db = Open(*env, &status);
    ASSERT_TRUE(status.ok());
    disk.SetCapacity(disk.used_bytes() + 8192);
    while (acknowledged < 20 &&
           db->Put(Synced(true), KeyOf(acknowledged), ValueOf(acknowledged)).ok()) {
      ++acknowledged;
    }
    EXPECT_GT(acknowledged, 0);
    EXPECT_LT(acknowledged, 20);
  }
  disk.SetCapacity(UINT64_MAX);
  EXPECT_TRUE(Holds(disk, acknowledged));
}

}  // namespace
}  // namespace nightbox
