import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Steps.module.css';

export interface Step {
  readonly id: string;
  readonly title: string;
  readonly isDone: boolean;
  readonly children: ReactNode;
}

/** Numbered steps down the page, all of them open: a person may work through them in any order and see what is left. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className={classes.steps}>
      {steps.map((step, position) => (
        <li key={step.id} id={`step-${step.id}`} className={classes.step} aria-labelledby={`step-${step.id}-title`}>
          <span className={classes.number} data-done={step.isDone ? 'true' : undefined} aria-hidden="true">
            {step.isDone ? <IconCheck size={16} stroke={2.5} /> : position + 1}
          </span>
          <div className={classes.body}>
            <h2 id={`step-${step.id}-title`} className={classes.title}>
              <span className={classes.hidden}>
                Step {position + 1}
                {step.isDone ? ', done' : ''}:{' '}
              </span>
              {step.title}
            </h2>
            {step.children}
          </div>
        </li>
      ))}
    </ol>
  );
}
