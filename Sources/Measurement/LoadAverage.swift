import Glibc

/// How many processes run or wait for a processor.
package enum LoadAverage {
  /// On average over the last minute.
  package static var lastMinute: Double {
    var loads = [0.0]
    return unsafe getloadavg(&loads, 1) == 1 ? loads[0] : 0
  }
}
