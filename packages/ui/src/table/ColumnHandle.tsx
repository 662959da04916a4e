import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import classes from './DataTable.module.css';
import { fitted, narrowest, widest } from './widths.ts';

interface ColumnHandleProps {
  /** The title of the column. */
  title: string;
  width: number;
  /** One handle of a table is a stop of the Tab key; the arrows up and down go to the others. */
  isStop: boolean;
  /** While it is drawn. */
  onDraw(pixels: number): void;
  /** Null: as wide as usual again. */
  onWidth(pixels: number | null): void;
}

const step = 16;

/** The edge of a column: drawn with the pointer, or moved with the arrows left and right. */
export function ColumnHandle({ title, width, isStop, onDraw, onWidth }: ColumnHandleProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const widthAt = (event: PointerEvent) =>
    start.current === null ? null : fitted(start.current.width + event.clientX - start.current.x);
  const end = (event: PointerEvent) => {
    const pixels = widthAt(event);
    const isDrawn = pixels !== null && pixels !== start.current?.width;
    start.current = null;
    if (isDrawn) onWidth(pixels);
  };
  return (
    <hr
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuenow={Math.round(width)}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuetext={`${Math.round(width)} pixels`}
      title="Draw to change the width, double-click for the usual one"
      tabIndex={isStop ? 0 : -1}
      className={classes.handle}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: event.currentTarget.closest('th')?.offsetWidth ?? width };
      }}
      onPointerMove={(event) => {
        const pixels = widthAt(event);
        if (pixels !== null) onDraw(pixels);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={() => onWidth(null)}
      onKeyDown={(event) => {
        const drawn = event.currentTarget.closest('th')?.offsetWidth ?? width;
        if (event.key === 'ArrowLeft') onWidth(fitted(drawn - step));
        else if (event.key === 'ArrowRight') onWidth(fitted(drawn + step));
        else if (event.key === 'Enter') onWidth(null);
        else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') goToOther(event);
        else return;
        event.preventDefault();
      }}
    />
  );
}

const goToOther = ({ currentTarget, key }: KeyboardEvent<HTMLElement>) => {
  const handles = [...(currentTarget.closest('tr')?.querySelectorAll<HTMLElement>('hr') ?? [])];
  const to = handles[handles.indexOf(currentTarget) + (key === 'ArrowUp' ? -1 : 1)];
  if (to === undefined) return;
  for (const handle of handles) handle.tabIndex = handle === to ? 0 : -1;
  to.focus();
};
