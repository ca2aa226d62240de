import type {FailurePage} from '../model/failure.ts';
import {catalogue} from './catalogue.ts';
import {explainLog} from './explain.ts';

/** The page about the failure of this id, whatever its case; undefined where none is called so. */
export function failurePage(id: string): FailurePage | undefined {
	const row = catalogue.find(one => one.id.toLowerCase() === id.toLowerCase());
	const failure = row && explainLog(row.sample, [row]).failures[0];
	if (row === undefined || failure === undefined) return undefined;
	const {cause, remedies} = failure;
	return {
		id: row.id,
		stage: row.stage,
		severity: row.severity,
		sample: row.sample,
		cause,
		remedies,
		source: row.source
	};
}
