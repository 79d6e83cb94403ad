#!/usr/bin/python3
"""Goal: the demo's verdict can fail. Whatever is missing from, double on or out of order on the docket is
found, and a docket that is right is said to be right.

Method: the case system's own schema (read from its source), rows and receipts as they would be after an
outage, the receipts made of the golden one. Then one thing is damaged at a time, in the database or among
the receipts, and the checker is run as a person would run it.
"""
import contextlib
import hashlib
import json
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKER = ROOT / "ops/check_docket"
GOLDEN = json.loads((ROOT / "tests/golden/receipt-plain.json").read_text(encoding="utf-8"))
SCHEMA = re.search(r'R"sql\((.*?)\)sql"', (ROOT / "ops/case_system/schema.cc").read_text(encoding="utf-8"),
                   re.DOTALL).group(1)

DENT, SUPREME = "mo.cir.42.dent", "mo.sup"


def digest(*words):
    return hashlib.sha256(" ".join(map(str, words)).encode()).digest()


class Filing:
    """One filing as its receipt and the case system tell of it."""

    def __init__(self, place, court=DENT, case=None, number="24X01-CC00001", state="docketed"):
        self.place, self.court, self.number, self.state = place, court, number, state
        self.id = f"filing{place:020}"
        self.case = case or {"kind": "existing", "number": number.lower()}
        self.key = digest("key", place)
        self.documents = [(digest("document", place, each), 1000 + each) for each in range(2)]

    def receipt(self):
        document = GOLDEN["documents"][0]
        return {**GOLDEN, "filing_id": self.id, "court": {**GOLDEN["court"], "id": self.court},
                "case": self.case, "delivery_key": self.key.hex(),
                "fingerprint": digest("fingerprint", self.place).hex(),
                "documents": [{**document, "sha256": sha.hex(), "bytes": size} for sha, size in self.documents],
                "log": {**GOLDEN["log"], "sequence": self.place, "leaf_index": self.place - 1}}


# What an outage leaves: a new case and two filings that follow it, an existing one with three, and one
# that the clerk returned. In the order of the journal.
FILINGS = [
    Filing(3, case={"kind": "new", "category": "CC", "case_type": "", "title": "", "parties": []}),
    Filing(5, SUPREME, number="SC101600"),
    Filing(6, case={"kind": "opened_by_filing", "filing_id": Filing(3).id}),
    Filing(9, SUPREME, number="SC101600"),
    Filing(10, SUPREME, number="SC101600", state="returned"),
    Filing(11),
    Filing(14, SUPREME, number="SC101600"),
]


class CheckDocketTest(unittest.TestCase):

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.receipts = pathlib.Path(scratch.name) / "receipts"
        self.receipts.mkdir()
        self.database = pathlib.Path(scratch.name) / "case_system.sqlite"
        with self.open() as database:
            database.executescript(SCHEMA)
        for filing in FILINGS:
            self.give_receipt(filing)
            self.record(filing)

    @contextlib.contextmanager
    def open(self):
        database = sqlite3.connect(self.database)
        with database:
            yield database
        database.close()

    def give_receipt(self, filing, name=None, **changes):
        with zipfile.ZipFile(self.receipts / f"{name or filing.id}.zip", "w") as package:
            package.writestr("receipt.json", json.dumps({**filing.receipt(), **changes}))

    def record(self, filing, parties=("",)):
        with self.open() as database:
            seq = database.execute(
                "INSERT INTO filings(delivery_key, fingerprint, court_filing_id, court_id, state, filing_id, "
                "gateway, submitting_system, registered_user, received_at, recorded_at, resolved_case_number, "
                "header, receipt_json, receipt_p7s) VALUES(?,?,?,?,?,?,'A7','acme','user-1',1,2,'',X'',X'',X'')",
                (filing.key, digest("fingerprint", filing.place), f"CF{filing.place}", filing.court,
                 filing.state, filing.id)).lastrowid
            for position, (sha256, size) in enumerate(filing.documents):
                database.execute("INSERT INTO documents VALUES(?,?,'Answer',?,?)", (seq, position, sha256, size))
            if filing.state != "docketed":
                return
            for position, party in enumerate(parties):
                number = filing.number + (f"-{position:02}" if party else "")
                database.execute("INSERT INTO case_numbers VALUES(?,?,?,?,0)", (seq, position, number, party))
                database.execute(
                    "INSERT INTO docket(delivery_key, filing_id, gateway, court_id, case_number, title, "
                    "document_count, received_at, docketed_at) VALUES(?,?,'A7',?,?,'Answer',2,1,2)",
                    (filing.key, filing.id, filing.court, number))

    def damage(self, statement, *values):
        with self.open() as database:
            changed = database.execute(statement, values).rowcount
        self.assertGreater(changed, 0, "the damage touched nothing")

    def check(self, *options):
        return subprocess.run([CHECKER, *options, self.receipts, self.database], capture_output=True, text=True,
                              check=False)

    def assert_finds(self, **wrong):
        ran = self.check()
        self.assertEqual(ran.returncode, 1, ran)
        verdict = json.loads(ran.stdout)
        self.assertFalse(verdict["ok"])
        self.assertTrue(verdict["findings"])
        for name in ("duplicates", "lost", "out_of_order", "contradictions", "unreceipted"):
            self.assertEqual(verdict[name], wrong.get(name, 0), (name, verdict))

    def assert_cannot_check(self, why):
        ran = self.check()
        self.assertEqual((ran.returncode, ran.stdout), (2, ""), ran)
        self.assertIn(why, ran.stderr)

    # --- As promised ---

    def test_right_docket_is_right(self):
        ran = self.check()
        self.assertEqual(ran.returncode, 0, ran)
        self.assertEqual(json.loads(ran.stdout), {
            "received": 7, "docketed": 6, "returned": 1, "withdrawn": 0, "waiting": 0, "duplicates": 0,
            "lost": 0, "out_of_order": 0, "contradictions": 0, "unreceipted": 0, "findings": [], "ok": True})

    def test_same_receipt_twice_is_one(self):
        self.give_receipt(FILINGS[0], name="copy")
        self.assertEqual(json.loads(self.check().stdout)["received"], 7)

    def test_test_filing_is_not_expected(self):
        self.give_receipt(Filing(20), test=True)
        self.assertEqual(self.check().returncode, 0)

    def test_number_per_party_is_no_duplicate(self):
        several = Filing(21, case={"kind": "new"})
        self.give_receipt(several)
        self.record(several, parties=("One", "Two", "Three"))
        self.assertEqual(self.check().returncode, 0)
        self.damage("INSERT INTO docket SELECT NULL, delivery_key, filing_id, gateway, court_id, case_number, "
                    "title, document_count, received_at, docketed_at FROM docket WHERE case_number LIKE '%-02'")
        self.assert_finds(duplicates=1)

    def test_filing_that_waits_for_its_clerk_is_not_lost(self):
        waiting = Filing(22, state="recorded")
        self.give_receipt(waiting)
        self.record(waiting)
        ran = self.check()
        self.assertEqual((ran.returncode, json.loads(ran.stdout)["waiting"]), (0, 1))

    def test_two_receipts_of_one_delivery_are_one_entry(self):
        # Two gateways received the same filing; each has a log of its own.
        self.give_receipt(FILINGS[1], name="other", gateway="B2", filing_id="other",
                          log={**GOLDEN["log"], "log_id": "otherlog", "sequence": 1})
        ran = self.check()
        self.assertEqual((ran.returncode, json.loads(ran.stdout)["docketed"]), (0, 7), ran)

    # --- Not as promised ---

    def test_deleted_row_is_lost(self):
        for filing in (FILINGS[0], FILINGS[3]):
            with self.subTest(filing.id):
                self.damage("DELETE FROM docket WHERE delivery_key = ?", filing.key)
        self.assert_finds(lost=2, contradictions=1)  # Whoever follows the new case has none either.

    def test_unknown_filing_is_lost(self):
        self.give_receipt(Filing(30))
        self.assert_finds(lost=1)

    def test_doubled_row_is_found(self):
        self.damage("INSERT INTO docket SELECT NULL, delivery_key, filing_id, gateway, court_id, case_number, "
                    "title, document_count, received_at, docketed_at FROM docket WHERE delivery_key = ?",
                    FILINGS[1].key)
        self.assert_finds(duplicates=1)

    def test_second_case_for_one_filing_is_found(self):
        self.damage("INSERT INTO docket SELECT NULL, delivery_key, filing_id, gateway, court_id, '24X01-CC00002', "
                    "title, document_count, received_at, docketed_at FROM docket WHERE delivery_key = ?",
                    FILINGS[0].key)
        self.assert_finds(duplicates=1)

    def test_swapped_rows_are_found(self):
        with self.open() as database:
            place = {key: row for row, key in database.execute("SELECT id, delivery_key FROM docket")}
        first, last = place[FILINGS[1].key], place[FILINGS[6].key]
        for old, new in ((first, 1000), (last, first), (1000, last)):
            self.damage("UPDATE docket SET id = ? WHERE id = ?", new, old)
        self.assert_finds(out_of_order=3)

    def test_opener_after_its_follower_is_found(self):
        self.damage("UPDATE docket SET id = 1000 WHERE delivery_key = ?", FILINGS[0].key)
        self.assert_finds(out_of_order=2)

    def test_order_across_cases_does_not_matter(self):
        self.damage("UPDATE docket SET id = id + 1000 WHERE court_id = ?", DENT)
        self.assertEqual(self.check().returncode, 0)

    def test_docket_entry_without_receipt_is_found(self):
        self.record(Filing(31))
        self.assert_finds(unreceipted=1)
        self.assertEqual(self.check("--receipts-incomplete").returncode, 0)

    def test_other_content_is_found(self):
        damages = (
            ("UPDATE filings SET fingerprint = zeroblob(32) WHERE delivery_key = ?", 0),
            ("UPDATE documents SET size_bytes = 7 WHERE filing_seq = "
             "(SELECT seq FROM filings WHERE delivery_key = ?)", 1),
            ("UPDATE docket SET court_id = 'mo.app.sd' WHERE delivery_key = ?", 3),
            ("UPDATE docket SET case_number = 'SC101601' WHERE delivery_key = ?", 6),
            ("UPDATE filings SET state = 'returned' WHERE delivery_key = ?", 5),
        )
        for count, (statement, which) in enumerate(damages, start=1):
            with self.subTest(statement):
                self.damage(statement, FILINGS[which].key)
                self.assert_finds(contradictions=count)

    # --- Nothing to compare ---

    def test_nothing_to_check_is_no_success(self):
        for path in self.receipts.iterdir():
            path.unlink()
        self.assert_cannot_check("no *.zip")
        self.give_receipt(Filing(40), test=True)
        self.assert_cannot_check("only receipts of test filings")

    def test_missing_database_is_no_success(self):
        self.database.unlink()
        self.assert_cannot_check("no database")
        self.assertFalse(self.database.exists(), "the checker made one")
        self.database.write_bytes(b"no database at all" * 1000)
        self.assert_cannot_check("cannot be read")

    def test_contradicting_receipts_are_no_success(self):
        self.give_receipt(FILINGS[0], name="another", salt="0" * 64)
        self.assert_cannot_check("contradicts")

    def test_broken_package_is_no_success(self):
        (self.receipts / "broken.zip").write_bytes(b"PK")
        self.assert_cannot_check("broken.zip")

    def test_findings_name_no_case(self):
        self.damage("DELETE FROM docket WHERE delivery_key = ?", FILINGS[3].key)
        self.damage("UPDATE docket SET id = 1000 WHERE delivery_key = ?", FILINGS[0].key)
        self.assertNotRegex(self.check().stdout, r"SC1016|X01-CC")


if __name__ == "__main__":
    unittest.main()
