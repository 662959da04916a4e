import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';

/** Real Security events beside the project, as JSON and in part with their XML; tests that need them are skipped without. */
const folder = resolve(import.meta.dirname, '../../../../../../shared/corpora/windows-events');

const isMissing = !existsSync(folder);
if (isMissing && process.env.CI === 'true') throw new Error(`the events are missing: ${folder}`);
export const whereRecorded = describe.skipIf(isMissing);
export const reason = isMissing ? ' (skipped: no ../shared/corpora/windows-events)' : '';

export interface Recorded {
  /** `ad-cs/Security_4768`. */
  readonly file: string;
  /** By the file's name. */
  readonly eventId: number;
  readonly json: Record<string, unknown>;
  readonly xml: string | null;
}

let known: readonly Recorded[] | null = null;

export const recorded = (): readonly Recorded[] => {
  known ??= readAll();
  return known;
};

const readAll = (): readonly Recorded[] =>
  isMissing
    ? []
    : readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.jsonl'))
        .sort()
        .flatMap((path) =>
          readFileSync(join(folder, path), 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => {
              const { _xml, ...json } = JSON.parse(line) as Record<string, unknown>;
              return {
                file: path.replace('.jsonl', ''),
                eventId: Number(/_(\d+)\./.exec(path)?.[1]),
                json,
                xml: typeof _xml === 'string' ? _xml : null,
              };
            }),
        );

/** The events of one file, in order. */
export const recordedIn = (file: string): readonly Recorded[] => recorded().filter((event) => event.file === file);
