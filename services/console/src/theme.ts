import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The house green: readable as text from shade 7 on white, and from shade 4 upwards on the dark page (WCAG AA). */
const ward: MantineColorsTuple = [
  '#e8f6f2',
  '#d3ece5',
  '#a8d9cd',
  '#7cc9b8',
  '#4cc2ab',
  '#2aa08b',
  '#178370',
  '#0f6b5c',
  '#0c5549',
  '#083f37',
];

const danger: MantineColorsTuple = [
  '#fdf0f0',
  '#fbe0e0',
  '#f4bcbc',
  '#ff9d9d',
  '#f58a8a',
  '#dd5257',
  '#c23a40',
  '#a4262c',
  '#841d22',
  '#5f1418',
];

/** Greys with a little of the green in them, so that the dark page is one material. */
const dark: MantineColorsTuple = [
  '#e8efed',
  '#c5d0cc',
  '#9fb0ab',
  '#7c8c87',
  '#4a5854',
  '#34403c',
  '#1f2725',
  '#181f1d',
  '#131918',
  '#101514',
];

export const theme = createTheme({
  colors: { ward, danger, dark },
  primaryColor: 'ward',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  white: '#ffffff',
  black: '#14201d',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.55' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/**
 * Mantine speaks the same colours as our own style sheets: their names are defined once, in styles/tokens.css, and swap by
 * themselves in the dark.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--card)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-bright': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--soft)',
    '--mantine-color-placeholder': 'var(--soft)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--card)',
    '--mantine-color-default-hover': 'var(--raised)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--edge)',
  },
  light: {},
  dark: {},
});
