/** A reason as a sentence of its own: a capital first, a full stop last. */
export const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
