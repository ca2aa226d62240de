import {type Key, useInput, usePaste} from 'ink';
import {createContext, use} from 'react';
import {graphemes} from './cells.ts';

/** One key press: printable text of a single grapheme, or a named key with `input` empty or the letter it modifies. */
export type Press = {readonly input: string; readonly key: Key};

/** False below a frame that cannot show its children: a key must not answer a question nobody sees. */
export const KeysAllowed = createContext(true);

/**
 * `useInput` with one call per key press. Ink hands over plain bytes that arrived together as one event ("y\r" is one input
 * without `key.return`), as tmux, a slow link or key repeat send them. A bracketed paste is swallowed: a line break in it
 * must never confirm anything. Who wants pastes listens with `usePastes`.
 */
export function useKeys(
	handler: (input: string, key: Key) => void,
	{isActive = true}: {isActive?: boolean} = {}
): void {
	const isListening = use(KeysAllowed) && isActive;
	useInput(
		(input, key) => {
			for (const press of splitPresses(input, key)) handler(press.input, press.key);
		},
		{isActive: isListening}
	);
	usePaste(swallow, {isActive: isListening});
}

/** Calls `handler` with the whole text of each bracketed paste, as it came. */
export function usePastes(handler: (text: string) => void, {isActive = true}: {isActive?: boolean} = {}): void {
	usePaste(handler, {isActive: use(KeysAllowed) && isActive});
}

/** Splits what Ink reported as one event into the presses it was. */
export function splitPresses(input: string, key: Key): readonly Press[] {
	if (key.return) return [{input: '', key}];
	if (key.ctrl || key.meta || input === '') return [{input, key}];
	return graphemes(input).map(grapheme => toPress(grapheme, key));
}

function toPress(grapheme: string, key: Key): Press {
	if (grapheme === '\r' || grapheme === '\n' || grapheme === '\r\n') return {input: '', key: {...key, return: true}};
	if (grapheme === '\t') return {input: '', key: {...key, tab: true}};
	const code = grapheme.charCodeAt(0);
	// ^A glued to text ("ac\u0001") reaches Ink as a character: 0x01 to 0x1a are ^A to ^Z.
	if (code >= 1 && code <= 26) return {input: String.fromCharCode(code + 96), key: {...key, ctrl: true}};
	return {input: grapheme, key: /^[A-Z]$/.test(grapheme) ? {...key, shift: true} : key};
}

function swallow(): void {}
