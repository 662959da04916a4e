import { MarkdownLite } from '@gatehouse/ui';
import type { FaultWords } from '../api/types.ts';
import classes from './connections.module.css';

/** A fault of a remote system in the three things a person wants to know. */
export function FaultView({ fault }: { fault: FaultWords }) {
  return (
    <div className={classes.faultFrame}>
      <dl className={classes.fault}>
        <dt>What happened</dt>
        <dd>{fault.happened}</dd>
        <dt>What it means</dt>
        <dd>{fault.means}</dd>
        <dt>What to do</dt>
        <dd>
          <MarkdownLite text={fault.advice} />
        </dd>
      </dl>
    </div>
  );
}
