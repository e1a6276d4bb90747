#!/usr/bin/env bash
# Pages per second of the whole job against the usual script, side by side in one session:
#   A  mieruka run                                 (extraction, layout, tokens, codes, tables)
#   B  xargs -P2 over `pdftotext | mecab`          (extraction and tokens only)
#
# usage: benches/compare_whole_run.sh MANIFEST PDF…
# Needs poppler-utils, mecab, mecab-ipadic-utf8 and GNU time. Runs A B A B … five times each and prints medians, because
# single times mean little on a shared machine. MANIFEST must name the same PDFs.
set -euo pipefail
manifest=$1
shift
runs=${RUNS:-5}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
binary=$(dirname "$0")/../target/release/mieruka
pages=0
for f in "$@"; do
    n=$(pdfinfo "$f" 2>/dev/null | awk '/^Pages:/ {print $2}')
    pages=$((pages + ${n:-0}))
done
printf '%s\0' "$@" >"$out/list"

a() { /usr/bin/time -a -o "$out/a" -f '%e %M' "$binary" run --quiet --threads 2 --manifest "$manifest" --output "$out/tables" || true; }
b() { /usr/bin/time -a -o "$out/b" -f '%e %M' xargs -0 -P2 -I{} sh -c 'pdftotext "$1" - 2>/dev/null | mecab -b 1000000 >/dev/null 2>&1' _ {} <"$out/list"; }

a; b # warm-up, not counted
rm -f "$out/a" "$out/b"
for _ in $(seq "$runs"); do a; b; done
median() { grep -E '^[0-9.]+ [0-9]+$' "$1" | sort -n | awk '{s[NR] = $1; if ($2 > m) m = $2} END {print s[int((NR + 1) / 2)], m}'; }
read -r ta ma < <(median "$out/a")
read -r tb _ < <(median "$out/b")
awk -v p="$pages" -v ta="$ta" -v tb="$tb" -v ma="$ma" 'BEGIN {
    printf "pages %d\nmieruka run        %.2f s  %.0f pages/s  peak %.0f MB\npdftotext | mecab  %.2f s  %.0f pages/s\nratio %.2f\n",
        p, ta, p / ta, ma / 1024, tb, p / tb, tb / ta }'
