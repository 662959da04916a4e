import type { Caveat } from '@gatehouse/connector-kit';
import { toFault } from '@gatehouse/kernel';
import type { DirectoryClient } from './client.ts';
import { mayRead } from './deleted-objects.ts';

/** Kerberos refuses what is further apart. */
const mostSkewMs = 5 * 60_000;

/** Signs in, reads the domain, and says what the account lacks for the rest. */
export const check = async (client: DirectoryClient): Promise<readonly Caveat[]> => {
  const { root } = await client.forest();
  const caveats: Caveat[] = [];
  try {
    await mayRead(client);
  } catch (error) {
    const { kind, advice } = toFault(error);
    if (kind !== 'forbidden') throw error;
    caveats.push({ code: 'deleted-objects-hidden', advice });
  }
  const skewMs = root.currentTime === null ? 0 : client.now().getTime() - root.currentTime.getTime();
  if (Math.abs(skewMs) > mostSkewMs) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    caveats.push({
      code: 'clock-skew',
      advice: `The clock of this machine is ${minutes} minutes ${skewMs > 0 ? 'ahead of' : 'behind'} that of the domain controller. Set it right: Kerberos and certificates stop working when clocks are apart.`,
    });
  }
  return caveats;
};
