// Makes one change and ends itself at a step, as by a power cut: node change-process.ts <home> <credential id> <step>.
// The address of the database is in DATABASE_URL.
import { openDatabase } from '@gatehouse/database';
import { newId, systemClock } from '@gatehouse/kernel';
import { createLog, loadKeys } from '@gatehouse/server';
import { openAudit } from '../../audit/index.ts';
import { openKeys } from '../../keys/index.ts';
import { migrations } from '../../migrations.ts';
import { changeSecret } from '../change-secret.ts';
import { newSecret } from '../new-secret.ts';
import { platforms } from '../platforms.ts';
import { leading } from './leading.ts';

const [home = '', credentialId = '', last = ''] = process.argv.slice(2);
const database = await openDatabase({ url: process.env.DATABASE_URL ?? '', migrations, poolSize: 4 });
const envelope = await openKeys(database, { home }, systemClock);
const audit = openAudit(database, systemClock, (await loadKeys(home, 'vault.audit')).current.key);
const addresses = (process.env.TARGET_ADDRESSES ?? '').split(',').filter(Boolean);
const chosen = addresses.length === 0 ? platforms : leading(platforms.values(), addresses);
const outcome = await changeSecret(
  {
    ...{ database, clock: systemClock, envelope, audit, log: createLog('change', 'error') },
    ...{ platforms: chosen, worker: newId<string>(), newSecret },
    onStep: (step) => {
      if (step === last) process.kill(process.pid, 'SIGKILL');
    },
  },
  {
    ...{ credentialId, jobId: null, signal: new AbortController().signal },
    author: { name: 'test', impersonator: null, address: null, through: 'vault', correlationId: 'c-1' },
  },
);
process.stdout.write(
  JSON.stringify({ state: outcome.state, advice: 'fault' in outcome ? outcome.fault.advice : null }),
);
await database.close();
