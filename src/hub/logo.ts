// What a logo is: a picture that was judged and drawn anew, under a name that nobody can guess.

export const pictureFormats = ['png', 'jpeg', 'gif', 'webp'] as const
export type PictureFormat = (typeof pictureFormats)[number]

export type Picture = { readonly format: PictureFormat; readonly bytes: Buffer }

/** What a caller gives for a logo: a picture, the name of the one that is there, or nothing. */
export type GivenLogo = Picture | { readonly shown: string } | null
