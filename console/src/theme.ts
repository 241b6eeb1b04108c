// How the console looks, in light and dark: every text has the contrast that WCAG AA asks for.
import { type CSSVariablesResolver, createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
  // A dialog is no part of the page, and its head none of the page's.
  components: { ModalHeader: { defaultProps: { role: 'presentation' } } },
})

export const cssVariables: CSSVariablesResolver = (theme) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': theme.colors.gray?.[7] ?? '',
    '--mantine-color-placeholder': theme.colors.gray?.[7] ?? '',
    '--mantine-color-error': theme.colors.red?.[9] ?? '',
    '--mantine-color-anchor': theme.colors.indigo?.[8] ?? '',
  },
  dark: {
    '--mantine-color-dimmed': theme.colors.dark?.[1] ?? '',
    '--mantine-color-placeholder': theme.colors.dark?.[1] ?? '',
    '--mantine-color-error': theme.colors.red?.[4] ?? '',
    '--mantine-color-anchor': theme.colors.indigo?.[3] ?? '',
  },
})
