# From what was measured, in order of repetitions, to what is reported: medians with min and max.
#
#   jq -c -s -f summary.jq MEASURED
#
# A ratio is taken within each repetition, because only what ran side by side can be compared.
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def round3: (. * 1000 | round) / 1000;

(reduce .[] as $m ({}; .[$m.name] += [$m.value])) as $all
| def pairs($a; $b): [$all[$a], $all[$b]] | transpose;
  def line($name; $unit; $values):
    {name: $name, value: ($values | median | round3), unit: $unit}
    + if ($values | length) > 1 then {min: ($values | min | round3), max: ($values | max | round3)} else {} end;
  def limited($name; $limit):
    line($name; "filings/s"; $all[$name])
    + {limit: ($all[$limit] | median | round3), ratio: (pairs($name; $limit) | map(.[0] / .[1]) | median | round3)};
  def sum($name; $a; $b): line($name; "us/filing"; pairs($a; $b) | map(add));
  def ratio($name; $a; $b): line($name; "ratio"; pairs($a; $b) | map(.[0] / .[1]));

  ( ("64", "1") as $n
    | limited("intake.\($n).rate"; "device.\($n)"),
      (("p50", "p99", "find_p50", "write_p50", "create_p50") as $m
       | line("intake.\($n).\($m)_ms"; "ms"; $all["intake.\($n).\($m)_ms"])) ),
  sum("intake.cpu_us"; "intake.64.gateway_cpu_us"; "intake.64.examiner_cpu_us"),
  (("gateway", "examiner", "client") as $who
   | line("intake.\($who)_cpu_us"; "us/filing"; $all["intake.64.\($who)_cpu_us"])),
  sum("intake.1.cpu_us"; "intake.1.gateway_cpu_us"; "intake.1.examiner_cpu_us"),
  ratio("intake.store_off_ratio"; "intake.64.rate"; "off.64.rate"),
  ratio("intake.1.store_off_ratio"; "intake.1.rate"; "off.1.rate"),
  ( ("64", "1") as $n
    | line("intake.store_off.\($n).rate"; "filings/s"; $all["off.\($n).rate"]),
      (("p50", "p99") as $m | line("intake.store_off.\($n).\($m)_ms"; "ms"; $all["off.\($n).\($m)_ms"])) ),
  line("intake.store_off.gateway_cpu_us"; "us/filing"; $all["off.64.gateway_cpu_us"]),
  (("syscalls", "store_off_syscalls", "syncs", "store_off_syncs") as $m
   | line("intake.\($m)"; "calls/filing"; $all["intake.\($m)"]))
