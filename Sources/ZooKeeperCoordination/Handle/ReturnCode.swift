internal import CZooKeeper
internal import Coordination

extension CoordinationError {
  /// The only place where a return code of the library becomes an error.
  ///
  /// - Returns: `nil` for success.
  init?(returnCode code: Int32, path: NodePath? = nil, changeIndex: Int? = nil) {
    guard code != ZOK.rawValue else { return nil }
    let (kind, message) = CoordinationError.meaning(of: code)
    self.init(kind, path: path, message: message, changeIndex: changeIndex)
  }

  private static func meaning(of code: Int32) -> (Code, String) {
    switch code {
    case ZNONODE.rawValue: (.noNode, "")
    case ZNODEEXISTS.rawValue: (.nodeExists, "")
    case ZBADVERSION.rawValue: (.badVersion, "")
    case ZNOTEMPTY.rawValue: (.notEmpty, "")
    case ZNOCHILDRENFOREPHEMERALS.rawValue: (.sessionNodeHasNoChildren, "")
    case ZCONNECTIONLOSS.rawValue, ZOPERATIONTIMEOUT.rawValue, ZSESSIONMOVED.rawValue, ZRUNTIMEINCONSISTENCY.rawValue:
      (.outcomeUnknown, "the connection to ZooKeeper was lost before the answer came")
    case ZSESSIONEXPIRED.rawValue, ZINVALIDSTATE.rawValue, ZCLOSING.rawValue:
      (.sessionEnded, "the ZooKeeper session is over; open another")
    case Int32(DISTCI_ZQUOTAEXCEEDED): (.noSpace, "the ZooKeeper quota of the path is used up; raise it")
    case ZTHROTTLEDOP.rawValue: (.unavailable, "the ZooKeeper server is overloaded and refused the request; try again")
    case ZNOAUTH.rawValue, ZAUTHFAILED.rawValue, ZINVALIDACL.rawValue:
      (.refused, "ZooKeeper does not permit this; look at the access list of the node (\(description(of: code)))")
    default: (.refused, "ZooKeeper answered: \(description(of: code)) (\(code))")
    }
  }

  private static func description(of code: Int32) -> String {
    unsafe zerror(code).map { unsafe String(cString: $0) } ?? "unknown error"
  }
}
