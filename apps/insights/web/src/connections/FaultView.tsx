import { MarkdownLite } from '@gatehouse/ui';
import type { FaultWords } from '../api/types.ts';
import classes from './connections.module.css';

interface FaultViewProps {
  fault: FaultWords;
  /** Leaves out what it means for the inventory: a test of settings reads nothing. */
  isTest?: boolean;
}

/** A fault of a remote system in the three things a person wants to know. */
export function FaultView({ fault, isTest = false }: FaultViewProps) {
  return (
    <div className={classes.faultFrame}>
      <dl className={classes.fault}>
        <dt>What happened</dt>
        <dd>{fault.happened}</dd>
        {isTest ? null : (
          <>
            <dt>What it means</dt>
            <dd>{fault.means}</dd>
          </>
        )}
        <dt>What to do</dt>
        <dd>
          <MarkdownLite text={fault.advice} />
        </dd>
      </dl>
    </div>
  );
}
