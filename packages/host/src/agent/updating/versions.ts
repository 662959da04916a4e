import { join } from 'node:path';
import { z } from 'zod';
import { type Disk, replaceFile } from '../disk.ts';

const version = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/);

/** Which version runs, as `versions.json`. Null is the one that was installed by hand. */
const Versions = z.strictObject({
  current: version.nullable(),
  previous: version.nullable(),
  /** `current` has not reported yet. */
  isTrial: z.boolean(),
  /** What did not work, and until when it is not tried again. */
  refused: z.array(z.strictObject({ version, until: z.iso.datetime(), why: z.string().max(1_000) })).max(20),
});
export type Versions = z.output<typeof Versions>;

const none: Versions = { current: null, previous: null, isTrial: false, refused: [] };

const fileOf = (home: string) => join(home, 'versions.json');
export const versionsFolder = (home: string): string => join(home, 'versions');
export const folderOf = (home: string, version: string): string => join(versionsFolder(home), version);

/** What cannot be read counts as nothing: then the installed version runs, which is always there. */
export const readVersions = async (disk: Disk, home: string): Promise<Versions> => {
  const bytes = await disk.read(fileOf(home));
  if (bytes === null) return none;
  try {
    return Versions.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return none;
  }
};

export const writeVersions = (disk: Disk, home: string, versions: Versions): Promise<void> =>
  replaceFile(disk, fileOf(home), JSON.stringify(versions));

const dayMs = 86_400_000;

/** Back to the version before, and not to this one again for a day. */
export const goBack = (versions: Versions, why: string, now: Date): Versions => {
  const { current, previous, refused } = versions;
  if (current === null) return { ...versions, isTrial: false };
  const until = new Date(now.getTime() + dayMs).toISOString();
  return {
    ...{ current: previous, previous: null, isTrial: false },
    refused: [{ version: current, until, why }, ...refused.filter((one) => one.version !== current)].slice(0, 20),
  };
};

export const isRefused = ({ refused }: Versions, version: string, now: Date): boolean =>
  refused.some((one) => one.version === version && new Date(one.until) > now);
