import { programSettings, readSettings as readProgramSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about the site. */
const Settings = z.object(programSettings(8_420));

/** Arguments win over the environment. @throws SettingsError */
export const readSettings = (
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): z.output<typeof Settings> => readProgramSettings(Settings, argv, environment);
