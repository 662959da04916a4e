import { useRef } from 'react';
import { type TableColumn, widthOf } from './column.ts';
import { useRemembered } from './remembered.ts';
import { parseWidths, tableStyle, type Widths } from './widths.ts';

/** How wide the columns of a table are: as they ask for, or as a person drew them in this browser. */
export const useWidths = (id: string, visible: readonly TableColumn<never>[], besides: number) => {
  const [drawn, remember] = useRemembered(`widths.${id}`, parseWidths);
  const table = useRef<HTMLTableElement>(null);
  const isDrawn = visible.some(({ name }) => drawn[name] !== undefined);
  const last = visible.at(-1)?.name;
  const usual: Widths = Object.fromEntries(visible.map((column) => [column.name, widthOf(column)]));
  const widthFor = (name: string) => drawn[name] ?? usual[name] ?? 0;
  const style = (widths: Widths, isNowDrawn: boolean) =>
    tableStyle(
      visible.reduce((sum, { name }) => sum + (widths[name] ?? widthFor(name)), besides),
      isNowDrawn,
    );
  /** All as they are on the screen, so that drawing one moves no other. The last has what was left over: that is not its own. */
  const asShown = (name: string, pixels: number): Widths => ({
    ...Object.fromEntries(
      [...(table.current?.querySelectorAll<HTMLElement>('col[data-column]') ?? [])].flatMap((col, position) => {
        const of = col.dataset.column ?? '';
        const shown = table.current?.querySelectorAll<HTMLElement>('th[data-type]')[position]?.offsetWidth;
        return of === last || shown === undefined ? [[of, widthFor(of)]] : [[of, shown]];
      }),
    ),
    [name]: pixels,
  });
  return {
    table,
    widthFor,
    style: style(drawn, isDrawn),
    /** Undefined: what is left over. */
    colWidth: (name: string) => (isDrawn && name === last ? undefined : widthFor(name)),
    /** Shows a width while it is drawn, without drawing every row again. */
    show: (name: string, pixels: number) => {
      const widths = asShown(name, pixels);
      for (const col of table.current?.querySelectorAll<HTMLElement>('col[data-column]') ?? []) {
        const of = col.dataset.column ?? '';
        col.style.width = of === last ? '' : `${widths[of]}px`;
      }
      if (table.current) table.current.style.width = String(style(widths, true).width);
    },
    keep: (name: string, pixels: number | null) => {
      if (pixels !== null) return remember({ ...drawn, ...asShown(name, pixels) });
      const { [name]: _, ...others } = drawn;
      remember({ ...others, ...(isDrawn && { [name]: usual[name] ?? 0 }) });
    },
    reset: () => remember({}),
  };
};
