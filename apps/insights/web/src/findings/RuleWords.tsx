import { MarkdownLite, OutsideLink, Section } from '@gatehouse/ui';
import { Text } from '@mantine/core';
import type { Recommendation } from '../api/types.ts';
import classes from './findings.module.css';

/** Why it matters. */
export function Why({ why }: { why: string }) {
  return (
    <Section title="Why it matters">
      <Text>
        <MarkdownLite text={why} />
      </Text>
    </Section>
  );
}

/** What to do about it, in steps. */
export function Remediation({ steps }: { steps: readonly string[] }) {
  return (
    <Section title="What to do">
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step}>
            <MarkdownLite text={step} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** What attackers call it. */
export function Mitre({ mitre }: { mitre: Recommendation['mitre'] }) {
  if (mitre.length === 0) return null;
  return (
    <Section title="MITRE ATT&CK">
      <ul className={classes.mitre}>
        {mitre.map(({ id, name, url }) => (
          <li key={id}>
            <OutsideLink url={url} title={`${id} ${name}`} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
