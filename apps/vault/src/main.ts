import { readSettings, runProgram, startOptions } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startVault } from './start.ts';

await runProgram(() => {
  const settings = readSettings(Settings, process.argv.slice(2), process.env);
  const { masterKey, masterPassphrase, role, reveal } = settings;
  // Nothing that is started from here may read them in the environment.
  delete process.env.GATEHOUSE_MASTER_KEY;
  delete process.env.GATEHOUSE_MASTER_PASSPHRASE;
  return startVault({
    ...startOptions('vault', settings),
    ...{ role, reveal },
    ...(masterKey && { masterKey }),
    ...(masterPassphrase && { masterPassphrase }),
  });
});
