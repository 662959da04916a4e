// The site as it is installed, with the waits of `GATEHOUSE_TEST_WAITS`: JSON of `ecmPace`, `sessionPace` and `beatMs`.
import { readSettings, runProgram, startOptions } from '@gatehouse/server';
import { Settings } from '../settings.ts';
import { startSite } from '../start.ts';

const waits = JSON.parse(process.env.GATEHOUSE_TEST_WAITS ?? '{}');
await runProgram(() => startSite({ ...startOptions('site', readSettings(Settings, [], process.env)), ...waits }));
