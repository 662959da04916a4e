import type { CSSProperties } from 'react';

/** Pixels by the name of the column, as a person drew them. */
export type Widths = Readonly<Record<string, number>>;

export const narrowest = 60;
export const widest = 1_200;
export const fitted = (pixels: number) => Math.round(Math.min(widest, Math.max(narrowest, pixels)));

export const parseWidths = (stored: unknown): Widths =>
  typeof stored !== 'object' || stored === null
    ? {}
    : Object.fromEntries(
        Object.entries(stored).flatMap(([name, pixels]) =>
          typeof pixels === 'number' && Number.isFinite(pixels) ? [[name, fitted(pixels)]] : [],
        ),
      );

/**
 * Until somebody draws a width, columns share the room there is by what they ask for. After that each is as wide as it
 * was drawn, and the last one takes what is left over.
 */
export const tableStyle = (sum: number, isDrawn: boolean): CSSProperties =>
  isDrawn ? { width: `max(100%, ${sum}px)` } : { minWidth: sum };
