/// A value of the job file together with its path.
struct JSONPlace {
  let node: JSONNode
  let path: String

  func element(_ index: Int, _ node: JSONNode) -> JSONPlace {
    JSONPlace(node: node, path: "\(path)[\(index)]")
  }

  func member(_ member: JSONMember) -> JSONPlace {
    JSONPlace(node: member.value, path: memberPath(member.key))
  }

  func memberPath(_ key: String) -> String {
    let isPlain =
      key.utf8.count <= 80
      && key.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F || byte == 0x2D
      }
    guard isPlain else { return "\(path)[\(key.quoted)]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }
}

/// An object of the job file whose keys have been checked.
struct JSONObject {
  let place: JSONPlace
  let members: [JSONMember]

  subscript(key: String) -> JSONPlace? {
    members.first { $0.key == key }.map(place.member)
  }
}
