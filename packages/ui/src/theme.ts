import { createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#e7f4f5',
  '#d0e8ea',
  '#a3d2d7',
  '#72bac3',
  '#4eaab5',
  '#2f97a3',
  '#17808d',
  '#0f6873',
  '#0a545e',
  '#063f48',
];
const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e2e7ea',
  '#d3dade',
  '#b9c3c9',
  '#8d99a2',
  '#5a6770',
  '#47535b',
  '#323c43',
  '#1b2328',
];
const dark: MantineColorsTuple = [
  '#dbe1e6',
  '#b9c2ca',
  '#95a1ac',
  '#5f6b76',
  '#37414b',
  '#29313a',
  '#1f262d',
  '#151a1f',
  '#101418',
  '#0a0d10',
];

/** Named before the generic word, because what a Linux desktop calls its system font is often a wide one. */
const systemFont =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Inter, "Noto Sans", Ubuntu, Cantarell, "Liberation Sans", "Helvetica Neue", Arial, sans-serif';

/** Dense and calm: 13 px text in controls, small radii, petrol for what can be acted on, severity colours for nothing else. */
export const theme = createTheme({
  colors: { petrol, gray, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  white: '#ffffff',
  black: '#161d22',
  fontFamily: systemFont,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "Cascadia Code", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  headings: {
    fontFamily: systemFont,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, multiline: true, maw: 340 } },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.45 },
        styles: { title: { fontWeight: 600 } },
      },
    },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withinPortal: true } },
    Popover: { defaultProps: { shadow: 'md', withinPortal: true } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Paper: { defaultProps: { withBorder: true, radius: 'md' } },
    Alert: { defaultProps: { variant: 'light', radius: 'md' } },
  },
});
