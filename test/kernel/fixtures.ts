import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {type Config, parseConfig} from '../../src/kernel/config.ts';

const folder = new URL('../fixtures/', import.meta.url);

/** A fixture's bytes, unpacked where its name ends in `.gz`. The path is relative to test/fixtures. */
export function fixture(path: string): Uint8Array {
	const bytes = readFileSync(new URL(path, folder));
	return new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

export function fixtureText(path: string): string {
	return new TextDecoder().decode(fixture(path));
}

/** A configuration that has to be one. */
export function configOf(text: string): Config {
	const parsed = parseConfig(text);
	if (!parsed.ok) throw new Error(parsed.why);
	return parsed.config;
}

export function fixtureConfig(path: string): Config {
	return configOf(fixtureText(path));
}
