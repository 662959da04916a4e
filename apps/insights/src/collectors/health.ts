import { Fault, faults, type Health } from '@gatehouse/kernel';
import type { KeptCaveat, KeptFault } from '../connections/index.ts';
import type { StoredCollector } from './store.ts';

/** Without a word of it for this long a connection is a Warning, then Failed. */
export const silentMs = { warning: 5 * 60_000, failed: 60 * 60_000 } as const;

/** How the collector itself is, apart from what its streams ended with. */
export interface CollectorCheck {
  readonly health: Health;
  readonly fault: KeptFault | null;
  readonly caveats: readonly KeptCaveat[];
}

export const checkCollector = (collector: StoredCollector, offers: string | null, now: Date): CollectorCheck => {
  const silent = silence(collector, now);
  if (silent) return { ...silent, caveats: [] };
  const fault = collector.hello?.check?.fault ?? null;
  if (fault) return { health: faults[fault.kind].onCheck, fault, caveats: [] };
  return { health: 'connected', fault: null, caveats: caveatsOf(collector, offers, now) };
};

const silence = ({ host, lastContactAt }: StoredCollector, now: Date): Omit<CollectorCheck, 'caveats'> | null => {
  if (!lastContactAt) return null;
  const forMs = now.getTime() - lastContactAt.getTime();
  if (forMs < silentMs.warning) return null;
  const isLong = forMs >= silentMs.failed;
  // The sentence stays the same for as long as it is true, so that it is told once.
  return {
    health: isLong ? 'failed' : 'warning',
    fault: {
      kind: 'unreachable',
      advice: `The collector on ${host} has not reported for ${isLong ? 'an hour' : 'five minutes'} or more. Check that the machine runs, that the service gatehouse-collector is started there, and that it still reaches this server over HTTPS. It keeps what it reads and sends it when it is back.`,
    },
  };
};

/** Clocks further apart than this make times in the inventory wrong and sign-ins with Kerberos fail. */
const largestSkewMs = 5 * 60_000;
/** A collector updates itself within minutes; one that does not for this long cannot. */
const behindMs = 3_600_000;
const droppedMs = 86_400_000;

const caveatsOf = (
  { host, version, hello, skewMs, dropped, behindSince }: StoredCollector,
  offers: string | null,
  now: Date,
): readonly KeptCaveat[] => {
  const caveats: KeptCaveat[] = [...(hello?.check?.caveats ?? [])];
  if (Math.abs(skewMs) > largestSkewMs) {
    caveats.push({
      code: 'clock-skew',
      advice: `The clock of ${host} is more than 5 minutes ${skewMs > 0 ? 'ahead of' : 'behind'} this server's. Correct it: a domain refuses sign-ins when clocks differ that much.`,
    });
  }
  if (offers && behindSince && now.getTime() - behindSince.getTime() > behindMs) {
    caveats.push({
      code: 'old-version',
      advice: `The collector on ${host} runs version ${version} and could not update itself to ${offers}. Look into its log, or download the installer again and run it there.`,
    });
  }
  if (dropped && now.getTime() - dropped.at.getTime() < droppedMs) {
    caveats.push({ code: 'dropped-batches', advice: dropped.text });
  }
  const kinds = hello?.sources.map(({ kind }) => kind) ?? [];
  if (new Set(kinds).size < kinds.length) {
    caveats.push({
      code: 'several-sources',
      advice: `The collector on ${host} names several systems of one kind and reads the first. Install another collector for each of the others.`,
    });
  }
  return caveats;
};

export const silentFault = (host: string): Fault =>
  new Fault(
    'unreachable',
    `The collector on ${host} stopped reporting in the middle of a read. What it read is kept, and it goes on when it is back.`,
  );
