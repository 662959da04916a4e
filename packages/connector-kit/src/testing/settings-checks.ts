import { secretNames } from '@gatehouse/fields';
import { settingsOf, unexplained } from '@gatehouse/fields/testing';
import { isSecretName } from '@gatehouse/host';
import { overhear, textsOf } from '@gatehouse/host/testing';
import { checkConnection } from '../check-connection.ts';
import { createMemoryStore } from './memory-store.ts';
import { askingStreamIds, type Check, claim, type Subject, withTrial } from './trial.ts';
import type { VendorFake } from './vendor-fake.ts';

export const settingsAreExplained: Check = {
  name: 'every setting has a title and a sentence, is entered at one setup step, and no plain text smells of a secret',
  async prove({ connector }) {
    const [problem] = unexplained(connector.config, isSecretName);
    claim(problem === undefined, problem ?? '');
    const settings = settingsOf(connector.config);
    const entered = connector.setup.flatMap((step) => step.settings ?? []);
    for (const name of settings.keys()) {
      const steps = entered.filter((one) => one === name).length;
      claim(steps === 1, `the setting ${name} is entered at ${steps} steps instead of one`);
    }
    for (const name of entered) claim(settings.has(name), `a setup step asks for ${name}, which is no setting`);
    for (const [id, { title, needs }] of Object.entries(connector.streams)) {
      claim(
        title.trim() !== '' && needs.trim() !== '',
        `the stream ${id} does not say what it is called or what it needs`,
      );
    }
  },
};

export const secretsStaySecret: Check = {
  name: 'no secret appears in any log line, error or JSON',
  async prove(subject) {
    const printed: string[] = [];
    const restore = overhear(printed);
    try {
      for (const turn of waysToFail(subject)) {
        await withTrial(subject, async ({ fake, origin, run, log, progress, host }) => {
          for (const stream of askingStreamIds(subject)) turn(fake, stream);
          const settings = subject.settings(origin);
          const store = createMemoryStore();
          const outcome = await run({ store, settings });
          const check = await checkConnection({ connector: subject.connector, settings, host });
          const seen: Record<string, unknown> = { outcome, check, log, progress, saved: store.calls };
          const point = subject.connector.point(subject.connector.config.parse(settings) as never);
          const texts = { ...textsOf(seen), point, printed: printed.join('\n') };
          for (const secret of [...secretsIn(subject, settings), ...fake.secrets]) {
            for (const [where, text] of Object.entries(texts)) {
              claim(!text.includes(secret), `a secret beginning with "${secret.slice(0, 4)}" is in: ${where}`);
            }
          }
        });
      }
    } finally {
      restore();
    }
  },
};

const waysToFail = (subject: Subject): readonly ((fake: VendorFake, stream: string) => void)[] => [
  () => undefined,
  (fake) => fake.refuseCredentials(),
  (fake, stream) => fake.forbid(stream),
  ...subject.fake().strangeness.map((how) => (fake: VendorFake, stream: string) => fake.answerStrange(stream, how)),
];

/** The values of secret settings; of one with several lines each long line too, since a line is enough to know a key. */
const secretsIn = ({ connector }: Subject, settings: Readonly<Record<string, unknown>>): readonly string[] =>
  secretNames(connector.config)
    .map((name) => settings[name])
    .filter((value) => typeof value === 'string')
    .flatMap((value) => [
      value.trim(),
      ...value.split('\n').filter((line) => line.length >= 40 && !line.includes('-----')),
    ]);
