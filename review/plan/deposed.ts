/** Beside the key of a deposed object: of what a replacement forgets, and leaves as it is. */
export const LEFT_IN_PLACE = 'left in place';
