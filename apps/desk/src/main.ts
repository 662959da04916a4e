import { readSettings, runProgram, startOptions } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startDesk } from './start.ts';

const settings = readSettings(Settings, process.argv.slice(2), process.env);
await runProgram(() =>
  startDesk({
    ...startOptions('desk', settings),
    reconcileMs: settings.reconcileSeconds * 1_000,
  }),
);
