import { flag, json, programSettings, readSettings as readProgramSettings, words } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about insights. */
const Settings = z.object({
  ...programSettings(8_400),
  role: z.enum(['all', 'web', 'worker']).default('all'),
  /** Folder of the collector that is offered to collectors and for download. */
  collectorRelease: z.string().min(1).optional(),
  /** Addresses from which pulls leave, joined by commas. */
  egressAddresses: words.default([]),
  /** JSON: `[{ "program": "vault", "name": "Vault", "url": "https://…" }]`, for the Apps menu. */
  apps: json
    .pipe(
      z
        .array(
          z.strictObject({
            program: z.string().max(60),
            name: z.string().max(120),
            url: z.url({ protocol: /^https?$/ }),
          }),
        )
        .max(50),
    )
    .default([]),
  /** Lets webhooks reach receivers inside the network of this server. */
  privateWebhooks: flag.default(false),
});

/** Arguments win over the environment. @throws SettingsError */
export const readSettings = (
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): z.output<typeof Settings> => readProgramSettings(Settings, argv, environment);
