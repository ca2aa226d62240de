import rows from '../../assets/failures/kernel-lines.json' with {type: 'json'};
import {cleanText} from './clean-text.ts';
import {fillSentence, tidyCaptures} from './fill.ts';
import type {KernelLineRow} from './row.ts';

/** What a line of the kernel log means, in one sentence, and whether it may be ignored. */
export type KernelLineNote = {readonly note: string; readonly harmless: boolean};

const MATCH_LIMIT = 1024;
const compiled = (rows as readonly KernelLineRow[]).map(row => ({
	row,
	patterns: row.patterns.map(source => new RegExp(source))
}));

/** A note on a well-known line of the kernel log, with or without the prefix of dmesg; undefined for all other lines. */
export function explainKernelLine(text: string): KernelLineNote | undefined {
	const line = cleanText(text.slice(0, MATCH_LIMIT)).trimEnd();
	for (const {row, patterns} of compiled) {
		for (const pattern of patterns) {
			const match = pattern.exec(line);
			if (match) return {note: fillSentence(row.note, tidyCaptures(match.slice(1))), harmless: row.harmless};
		}
	}
	return undefined;
}
