/// What a backend asks before it sends anything.
extension ObjectLimits {
  /// - Throws: ``ObjectStoreError`` with `tooLarge` when an object that ends there would be larger than an object may be.
  package static func check(end: Int, of key: ObjectKey) throws(ObjectStoreError) {
    guard end <= objectSize else {
      throw ObjectStoreError(
        .tooLarge, key: key,
        message: "\(end) bytes are more than the \(objectSize) of one object; store it as a blob, which is cut in parts"
      )
    }
  }

  /// - Throws: ``ObjectStoreError`` with `tooLarge`, or with `refused` for a key that is empty or that is named twice: the
  ///   changes of an update have no order.
  package static func check(_ changes: [IndexChange], of index: ObjectKey) throws(ObjectStoreError) {
    guard changes.count <= indexChanges else {
      throw ObjectStoreError(
        .tooLarge, key: index,
        message: "\(changes.count) changes are more than the \(indexChanges) of one update; split them")
    }
    for change in changes { try check(change, of: index) }
    guard Set(changes.map { Array($0.key.utf8) }).count == changes.count else {
      throw ObjectStoreError(.refused, key: index, message: "two changes of one update name one key; merge them")
    }
  }

  private static func check(_ change: IndexChange, of index: ObjectKey) throws(ObjectStoreError) {
    guard !change.key.isEmpty else {
      throw ObjectStoreError(.refused, key: index, message: "a key of an index may not be empty; give it a name")
    }
    guard change.key.utf8.count <= indexKeySize else {
      throw ObjectStoreError(
        .tooLarge, key: index,
        message: "\(change.key.utf8.count) bytes are more than the \(indexKeySize) of a key; shorten or hash it")
    }
    guard change.value?.count ?? 0 <= indexValueSize else {
      throw ObjectStoreError(
        .tooLarge, key: index,
        message: "\(change.value?.count ?? 0) bytes are more than the \(indexValueSize) of a value; "
          + "put the value in an object and name it in the index")
    }
  }
}
