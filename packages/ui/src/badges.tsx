import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconChevronDown,
  IconChevronsUp,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconClock,
  IconEqual,
  IconPlayerPauseFilled,
  IconPlugConnected,
  IconProgress,
  IconQuestionMark,
  IconShieldCheck,
  IconShieldFilled,
  IconShieldHalfFilled,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './badges.module.css';
import { wordsOf } from './format.ts';
import { Tag, type Tone } from './Tag.tsx';

interface Look {
  readonly tone: Tone;
  readonly icon: ReactNode;
  readonly word: string;
}
const looked = (tone: Tone, icon: ReactNode, word: string): Look => ({ tone, icon, word });

const unsupported = looked('quiet', <IconCircle size={13} />, 'Not available here');

const healths: Readonly<Record<string, Look>> = {
  connected: looked('good', <IconCircleCheckFilled size={13} />, 'Connected'),
  warning: looked('medium', <IconAlertTriangleFilled size={13} />, 'Warning'),
  failed: looked('critical', <IconCircleXFilled size={13} />, 'Failed'),
  off: looked('quiet', <IconPlayerPauseFilled size={13} />, 'Connector Off'),
  pending: looked('low', <IconPlugConnected size={13} />, 'Pending Agent Registration'),
  not_checked: looked('quiet', <IconCircleDashed size={13} />, 'Not checked yet'),
  unsupported,
};

/** The connectivity of a connection or the health of a stream. `href` makes it a link, for example to the activity history. */
export function HealthBadge({ health, href }: { health: string; href?: string | undefined }) {
  const badge = <LookTag look={healths[health] ?? looked('quiet', <IconQuestionMark size={13} />, wordsOf(health))} />;
  return href === undefined ? (
    badge
  ) : (
    <a href={href} className={classes.link}>
      {badge}
    </a>
  );
}

const severities: Readonly<Record<string, Look>> = {
  critical: looked('critical', <IconAlertOctagonFilled size={13} />, 'Critical'),
  high: looked('high', <IconChevronsUp size={13} stroke={2.5} />, 'High'),
  medium: looked('medium', <IconEqual size={13} stroke={2.5} />, 'Medium'),
  low: looked('low', <IconChevronDown size={13} stroke={2.5} />, 'Low'),
};
export function SeverityBadge({ severity }: { severity: string }) {
  return <LookTag look={severities[severity] ?? looked('quiet', null, wordsOf(severity))} />;
}

const privileges: Readonly<Record<string, Look>> = {
  highest: looked('critical', <IconShieldFilled size={13} />, 'Highest'),
  high: looked('high', <IconShieldFilled size={13} />, 'High'),
  moderate: looked('medium', <IconShieldHalfFilled size={13} />, 'Moderate'),
  low: looked('low', <IconShieldCheck size={13} />, 'Low'),
  none: looked('quiet', <IconCircle size={13} />, 'None'),
  undetermined: looked('quiet', <IconQuestionMark size={13} />, 'Undetermined'),
};
/** How much a principal may do. `undetermined` means that something needed to know could not be read. */
export function PrivilegeBadge({ privilege }: { privilege: string }) {
  return (
    <LookTag
      look={privileges[privilege] ?? looked('quiet', null, wordsOf(privilege))}
      title={privilege === 'undetermined' ? 'Something needed to know this could not be read.' : undefined}
    />
  );
}

const findingStates: Readonly<Record<string, Look>> = {
  new: looked('low', <IconCircle size={13} />, 'New'),
  in_progress: looked('medium', <IconProgress size={13} />, 'In progress'),
  resolved: looked('good', <IconCircleCheckFilled size={13} />, 'Resolved'),
  accepted: looked('quiet', <IconClock size={13} />, 'Accepted'),
};
export function FindingStateBadge({ state }: { state: string }) {
  return <LookTag look={findingStates[state] ?? looked('quiet', null, wordsOf(state))} />;
}

const runStates: Readonly<Record<string, Look>> = {
  queued: looked('quiet', <IconClock size={13} />, 'Queued'),
  waiting: looked('quiet', <IconClock size={13} />, 'Waiting'),
  running: looked('low', <IconProgress size={13} />, 'Running'),
  succeeded: looked('good', <IconCircleCheckFilled size={13} />, 'Succeeded'),
  done: looked('good', <IconCircleCheckFilled size={13} />, 'Done'),
  partial: looked('medium', <IconAlertTriangleFilled size={13} />, 'Partly read'),
  failed: looked('critical', <IconCircleXFilled size={13} />, 'Failed'),
  cancelled: looked('quiet', <IconPlayerPauseFilled size={13} />, 'Cancelled'),
  skipped: looked('quiet', <IconPlayerPauseFilled size={13} />, 'Skipped'),
  unsupported,
};
/** The state of a run or of one of its streams. */
export function RunStateBadge({ state }: { state: string }) {
  return <LookTag look={runStates[state] ?? looked('quiet', null, wordsOf(state))} />;
}

const accountWords: Readonly<Record<string, Tone>> = {
  enabled: 'good',
  active: 'good',
  success: 'good',
  strong: 'good',
  phishing_resistant: 'good',
  disabled: 'quiet',
  inactive: 'quiet',
  deleted: 'quiet',
  none: 'critical',
  weak: 'high',
  locked: 'high',
  expired: 'high',
  failure: 'high',
  pending: 'medium',
  eligible: 'medium',
};
/** A word out of a fixed set, such as the status of an account. */
export function WordBadge({ word }: { word: string }) {
  return <Tag tone={accountWords[word] ?? 'quiet'}>{wordsOf(word)}</Tag>;
}

function LookTag({ look, title }: { look: Look; title?: string | undefined }) {
  return (
    <Tag tone={look.tone} icon={look.icon} title={title}>
      {look.word}
    </Tag>
  );
}
