import type { StreamCatalogue } from '../privilege/index.ts';
import { derive, giveTime } from '../privilege/index.ts';
import type { AfterRead } from '../runs/index.ts';
import { correlate } from './correlate.ts';
import { isCorrelated, rememberInputs } from './inputs.ts';
import { summarise } from './summarise.ts';

/** After reading: which accounts are one identity, then what each of them may do. One transaction: all of it or nothing. */
export const correlating = (catalogue: StreamCatalogue): AfterRead => ({
  stage: 'correlating',
  run: (database, tenantId, { signal, clock }) =>
    database.tenant(tenantId, async (tx) => {
      const now = clock.now();
      await giveTime(tx);
      if (!(await isCorrelated(tx))) {
        await correlate(tx, { tenantId, now, signal });
        await rememberInputs(tx, tenantId);
      }
      await derive(tx, { tenantId, now, signal, catalogue });
      await summarise(tx, { tenantId, now });
    }),
});
