import { Budget } from '@pulumi/azure-native/consumption/budget.js';
import type { Site } from './site.ts';

/** Tells people when the resource group has cost, or will have cost, so many percent of what it may. */
const alerts = [
  { name: 'half', thresholdType: 'Actual', threshold: 50 },
  { name: 'most', thresholdType: 'Actual', threshold: 80 },
  { name: 'forecast', thresholdType: 'Forecasted', threshold: 100 },
  { name: 'all', thresholdType: 'Actual', threshold: 100 },
];

export function createBudget(site: Site): void {
  const { monthlyAmount, startDate, contactEmails } = site.config.budget;
  new Budget('budget', {
    budgetName: site.names.plain,
    scope: site.resourceGroupId,
    category: 'Cost',
    amount: monthlyAmount,
    timeGrain: 'Monthly',
    timePeriod: { startDate: `${startDate}T00:00:00Z` },
    notifications: Object.fromEntries(
      alerts.map(({ name, thresholdType, threshold }) => [
        name,
        { enabled: true, operator: 'GreaterThanOrEqualTo', threshold, thresholdType, contactEmails },
      ]),
    ),
  });
}
