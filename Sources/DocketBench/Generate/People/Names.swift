/// Made-up names of people.
enum Names {
    private static let first = [
        "Ali", "Sana", "Omar", "Zara", "Hina", "Bilal", "Ayesha", "Usman", "Fatima", "Hamza", "Maryam", "Imran", "Noor",
        "Saad", "Iqra", "Tariq", "Rabia", "Faisal", "Amna", "Danish", "Mehwish", "Kamran", "Sadia", "Waqas",
    ]
    private static let last = [
        "Khan", "Malik", "Sheikh", "Ahmed", "Butt", "Qureshi", "Chaudhry", "Siddiqui", "Raza", "Mirza", "Iqbal",
        "Hussain", "Javed", "Farooq", "Aslam", "Akhtar",
    ]

    static func name(_ random: inout SeededRandom) -> String { random.pick(first) + " " + random.pick(last) }
}
