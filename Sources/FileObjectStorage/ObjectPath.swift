import ObjectStorage

/// Where an object lies: the components of its key are folders, and the last one is a file.
///
/// The file's name ends in `@`, which no key holds: so the objects `a` and `a/b` do not collide, nor do any two others.
struct ObjectPath {
  /// Relative to the root of the store.
  let file: String
  /// The folders that lead to the file, outermost first.
  let folders: [String]

  init(_ key: ObjectKey) {
    file = "objects/\(key.string)@"
    var folders = ["objects"]
    for component in key.string.split(separator: "/").dropLast() {
      folders.append("\(folders[folders.count - 1])/\(component)")
    }
    self.folders = folders
  }

  /// The folder that holds the file.
  var folder: String { folders[folders.count - 1] }
}
