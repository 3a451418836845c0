import sys, time
from collections import Counter, defaultdict
from diagnoser.pack.builtin import built_in
from tests.mutation.killing import Jury
from tests.mutation.mutants import Original, mutants
from tests.phones import scenarios

start = time.process_time()
pack = Original.of(built_in())
from tests.mutation.near_misses import near_misses
jury = Jury(pack, scenarios(), near_misses())
print(time.process_time() - start, len(jury.scenes), file=sys.stderr)
total, stated, rec, tm = Counter(), Counter(), Counter(), Counter()
only=set(sys.argv[2:]); every=int(sys.argv[1])
for n, m in enumerate(mutants(pack)):
    if (n + 1) % every or (only and m.kind not in only): continue
    t = time.process_time()
    k = jury.tries(m)
    tm[m.kind] += time.process_time() - t
    total[m.kind] += 1
    stated[m.kind] += bool(k.by)
    rec[m.kind] += k.recorded
    word = next((w for w in ("added","taken away","without","made") if w in m.what), "-")
    total[m.kind,word]+=1; stated[m.kind,word]+=bool(k.by); rec[m.kind,word]+=k.recorded; tm[m.kind,word]+=time.process_time()-t
    if not k.by:
        print("R" if k.recorded else "S", m, flush=True)
for kind in total:
    print(f"{str(kind):34} {total[kind]:6} {stated[kind]/total[kind]:7.1%} {rec[kind]/total[kind]:7.1%} {tm[kind]:7.1f} s", file=sys.stderr)
if 0: print(sum(total.values()), sum(stated.values())/sum(total.values()), sum(rec.values())/sum(total.values()), time.process_time()-start, file=sys.stderr)
