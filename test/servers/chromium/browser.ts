import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's names, for the installation and for the hint of a skip. The shell is Chromium without windows. */
export const packages = ['chromium-headless-shell', 'fonts-dejavu-core'] as const;

/** The shell, which takes half as long, or a whole Chromium, or another one by GATEHOUSE_CHROMIUM. Null where there is none. */
export const chromiumPath = (): string | null =>
  [
    ...[process.env.GATEHOUSE_CHROMIUM ?? '', '/usr/bin/chromium-headless-shell'],
    ...['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  ].find((path) => existsSync(path)) ?? null;

/** Why no browser can be started here, for the title of a test that needs one; null where it can. */
export const noBrowser = (): string | null =>
  chromiumPath() === null ? 'there is no Chromium; GATEHOUSE_CHROMIUM names one' : null;

/**
 * A headless browser that talks to nobody but the pages under test. `hasScreen`: it shares a made picture when a page asks
 * for a screen, and asks nobody.
 */
export const openBrowser = ({ hasScreen = false } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath() ?? '',
    args: [
      ...(hasScreen ? ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'] : []),
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
