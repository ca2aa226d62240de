import {readFileSync} from 'node:fs';
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js';
import {expect} from 'vitest';

/** A schema of assets/schema, as a program that reads our JSON would use it. */
export function schema(
	name: 'check' | 'check-hosts' | 'command' | 'explain' | 'log' | 'review' | 'error'
): ValidateFunction {
	const read = (file: string) =>
		JSON.parse(readFileSync(new URL(`../../assets/schema/${file}.json`, import.meta.url), 'utf8'));
	const ajv = new Ajv2020({strict: true, allowUnionTypes: true, allErrors: true, strictRequired: false});
	// what one of them borrows of another
	for (const other of ['check', 'explain'] as const) if (name !== other) ajv.addSchema(read(other), `${other}.json`);
	return ajv.compile(read(name));
}

export function expectToFit(validate: ValidateFunction, document: unknown): void {
	validate(document);
	expect(validate.errors ?? []).toEqual([]);
}
