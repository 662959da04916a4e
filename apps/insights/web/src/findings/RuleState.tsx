import { count, Tag } from '@gatehouse/ui';
import { Text } from '@mantine/core';
import { IconCircleCheckFilled, IconEyeOff } from '@tabler/icons-react';
import type { Recommendation } from '../api/types.ts';
import classes from './findings.module.css';

/** Blind is said with its reason, and never green. */
export function RuleState({ rule }: { rule: Recommendation }) {
  const reasons = rule.blind.map(({ connectionName, reason }) => `${connectionName}: ${reason}`).join('\n');
  if (rule.state === 'blind')
    return (
      <span className={classes.state}>
        <Tag tone="medium" icon={<IconEyeOff size={13} />} title={reasons}>
          Blind
        </Tag>
        <Text size="xs" c="dimmed" lineClamp={2} title={reasons}>
          {rule.blind[0]?.reason}
        </Text>
      </span>
    );
  if (rule.state === 'clear')
    return (
      <span className={classes.state}>
        <Tag tone="good" icon={<IconCircleCheckFilled size={13} />}>
          Clear
        </Tag>
        <PartlyBlind rule={rule} reasons={reasons} />
      </span>
    );
  return (
    <span className={classes.state}>
      <Tag tone="high">{count(rule.open, 'finding')}</Tag>
      <PartlyBlind rule={rule} reasons={reasons} />
    </span>
  );
}

function PartlyBlind({ rule, reasons }: { rule: Recommendation; reasons: string }) {
  return rule.blind.length === 0 ? null : (
    <Tag tone="medium" icon={<IconEyeOff size={13} />} title={reasons}>
      Blind on {rule.blind.length === 1 ? rule.blind[0]?.connectionName : `${rule.blind.length} connectors`}
    </Tag>
  );
}
