import { Button } from '@mantine/core';
import classes from './List.module.css';
import { usePlace } from './place.ts';

/** On to older ones, and back, for lists whose length nobody counts. Nothing where one page has them all. */
export function Paging({ filters, next }: { filters: readonly string[]; next: string | null }) {
  const [{ view }, place] = usePlace(filters);
  if (next === null && view.cursor === null) return null;
  return (
    <nav aria-label="Pages" className={classes.pages}>
      <Button
        variant="default"
        size="compact-sm"
        disabled={view.cursor === null}
        onClick={() =>
          place({ view: { ...view, cursor: view.before.at(-1) || null, before: view.before.slice(0, -1) } })
        }
      >
        Newer
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        disabled={next === null}
        onClick={() => place({ view: { ...view, cursor: next, before: [...view.before, view.cursor ?? ''] } })}
      >
        Older
      </Button>
    </nav>
  );
}
