import { readSettings, runProgram, startOptions } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startSite } from './start.ts';

const settings = readSettings(Settings, process.argv.slice(2), process.env);
await runProgram(() =>
  startSite({
    ...startOptions('site', settings),
    allowPrivateWebhooks: settings.privateWebhooks,
    ...(settings.jumpClientRelease !== undefined && { jumpClientRelease: settings.jumpClientRelease }),
  }),
);
