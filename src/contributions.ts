/** Every id shared with package.json. A test holds both against each other. */
export const CLUSTERS_VIEW = 'gitlabClusters.clusters';
export const SETTINGS_SECTION = 'gitlabClusters';
export const DOCUMENT_SCHEME = 'gitlab-cluster';
/** What was changed: one document of before, one of after. */
export const CHANGE_SCHEME = 'gitlab-cluster-change';
/** Reports and certificate chains to copy from. */
export const TEXT_SCHEME = 'gitlab-clusters-text';

export const commands = {
  addHost: 'gitlabClusters.addHost',
  renameHost: 'gitlabClusters.renameHost',
  replaceToken: 'gitlabClusters.replaceToken',
  removeHost: 'gitlabClusters.removeHost',
  openHost: 'gitlabClusters.openHost',
  testHost: 'gitlabClusters.testHost',
  showCertificate: 'gitlabClusters.showCertificate',
  chooseCaCertificate: 'gitlabClusters.chooseCaCertificate',
  watchProject: 'gitlabClusters.watchProject',
  watchGroup: 'gitlabClusters.watchGroup',
  watch: 'gitlabClusters.watch',
  unwatch: 'gitlabClusters.unwatch',
  refresh: 'gitlabClusters.refresh',
  refreshHost: 'gitlabClusters.refreshHost',
  refreshOwner: 'gitlabClusters.refreshOwner',
  addCluster: 'gitlabClusters.addCluster',
  addClusterFromClipboard: 'gitlabClusters.addClusterFromClipboard',
  addClusterFromFile: 'gitlabClusters.addClusterFromFile',
  addClustersFromList: 'gitlabClusters.addClustersFromList',
  editCluster: 'gitlabClusters.editCluster',
  openCluster: 'gitlabClusters.openCluster',
  deleteCluster: 'gitlabClusters.deleteCluster',
  deleteClusters: 'gitlabClusters.deleteClusters',
  deleteRow: 'gitlabClusters.deleteRow',
  editRow: 'gitlabClusters.editRow',
  refreshRow: 'gitlabClusters.refreshRow',
  copyRow: 'gitlabClusters.copyRow',
  changeCluster: 'gitlabClusters.changeCluster',
  enableCluster: 'gitlabClusters.enableCluster',
  enableClusters: 'gitlabClusters.enableClusters',
  disableCluster: 'gitlabClusters.disableCluster',
  disableClusters: 'gitlabClusters.disableClusters',
  changeClusters: 'gitlabClusters.changeClusters',
  resolveEnvironment: 'gitlabClusters.resolveEnvironment',
  showServed: 'gitlabClusters.showServed',
  checkScopes: 'gitlabClusters.checkScopes',
  applyPlan: 'gitlabClusters.applyPlan',
  cancelPlan: 'gitlabClusters.cancelPlan',
  diagnoseCluster: 'gitlabClusters.diagnoseCluster',
  diagnoseClusters: 'gitlabClusters.diagnoseClusters',
  diagnoseWithToken: 'gitlabClusters.diagnoseWithToken',
  sortDiagnoses: 'gitlabClusters.sortDiagnoses',
  copyNames: 'gitlabClusters.copyNames',
  copyIds: 'gitlabClusters.copyIds',
  copyApiUrls: 'gitlabClusters.copyApiUrls',
  copyCaCertificates: 'gitlabClusters.copyCaCertificates',
  copyName: 'gitlabClusters.copyName',
  copyId: 'gitlabClusters.copyId',
  copyApiUrl: 'gitlabClusters.copyApiUrl',
  copyCaCertificate: 'gitlabClusters.copyCaCertificate',
  openClusterPage: 'gitlabClusters.openClusterPage',
  openInstancePage: 'gitlabClusters.openInstancePage',
  openOwnerPage: 'gitlabClusters.openOwnerPage',
  openManagementProject: 'gitlabClusters.openManagementProject',
  findAllClusters: 'gitlabClusters.findAllClusters',
  findAgain: 'gitlabClusters.findAgain',
  continueFinding: 'gitlabClusters.continueFinding',
  stopFinding: 'gitlabClusters.stopFinding',
  showMore: 'gitlabClusters.showMore',
  ungroup: 'gitlabClusters.ungroup',
  groupBy: 'gitlabClusters.groupBy',
  sortBy: 'gitlabClusters.sortBy',
  filterClusters: 'gitlabClusters.filterClusters',
  clearFilter: 'gitlabClusters.clearFilter',
  goToCluster: 'gitlabClusters.goToCluster',
  exportClusters: 'gitlabClusters.exportClusters',
  showChanges: 'gitlabClusters.showChanges',
  undoChange: 'gitlabClusters.undoChange',
  exportChanges: 'gitlabClusters.exportChanges',
  deleteHistory: 'gitlabClusters.deleteHistory',
  refreshCluster: 'gitlabClusters.refreshCluster',
  openRow: 'gitlabClusters.openRow',
  saveText: 'gitlabClusters.saveText',
  reportIssue: 'gitlabClusters.reportIssue',
  openDocumentation: 'gitlabClusters.openDocumentation',
  showWhatsNew: 'gitlabClusters.showWhatsNew',
  openSettings: 'gitlabClusters.openSettings',
  showIntegrationHelp: 'gitlabClusters.showIntegrationHelp',
  showLog: 'gitlabClusters.showLog',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

/** Context keys used by `when` clauses. */
export const contextKeys = {
  /** At least one host in the setting. */
  hasHosts: 'gitlabClusters.hasHosts',
  /** No host is in the setting. Unset until the extension has looked, so that nobody is welcomed who has hosts. */
  hasNoHosts: 'gitlabClusters.hasNoHosts',
  /** The addresses of plans that wait for an answer. */
  pendingPlans: 'gitlabClusters.pendingPlans',
  /** Clusters are in groups. */
  grouped: 'gitlabClusters.grouped',
  /** A filter is on. */
  filtered: 'gitlabClusters.filtered',
} as const;
