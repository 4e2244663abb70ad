import CairnCore
import GRDB
import GRDBSQLite

/// Opens `collection.sqlite`, and says in plain words why it does not.
enum CollectionDatabase {
    /// Connections that only read, for searches beside a writer.
    static func openForReading(_ layout: CollectionLayout) throws -> DatabasePool {
        try requireDatabase(layout)
        do {
            var configuration = baseConfiguration
            configuration.readonly = true
            let pool = try DatabasePool(path: layout.database, configuration: configuration)
            try pool.read { try requireKnownSchema($0, layout, complete: true) }
            return pool
        } catch {
            throw CollectionError.translating(error, at: layout.root)
        }
    }

    /// A connection that writes, and others that read beside it. Creates the database, or brings it to this version.
    static func openForWriting(_ layout: CollectionLayout) throws -> DatabasePool {
        do {
            var configuration = baseConfiguration
            configuration.prepareDatabase { database in
                // The log and its index stay when the last connection closes: a collection on a full or
                // write-protected disk can still be opened for reading.
                var persistent: CInt = 1
                sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &persistent)
                try database.execute(sql: "PRAGMA journal_size_limit = 4194304")
            }
            let pool = try DatabasePool(path: layout.database, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // A commit is on the disk when it returns: files it makes unnecessary are deleted next.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try requireKnownSchema(database, layout, complete: false)
            }
            try CollectionSchema.migrator.migrate(pool)
            return pool
        } catch {
            throw CollectionError.translating(error, at: layout.root)
        }
    }

    private static var baseConfiguration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.label = "cairn.collection"
        return configuration
    }

    private static func requireDatabase(_ layout: CollectionLayout) throws {
        guard let names = try PosixFile.names(in: layout.root) else {
            throw CollectionError(
                .notFound, "there is no collection at \(layout.root); index some photos to make one")
        }
        guard names.contains("collection.sqlite") else {
            throw CollectionError(
                .notFound,
                "\(layout.root) is not a collection: it has no collection.sqlite; index some photos to make one")
        }
    }

    private static func requireKnownSchema(_ database: Database, _ layout: CollectionLayout, complete: Bool) throws {
        let migrator = CollectionSchema.migrator
        if try migrator.hasBeenSuperseded(database) {
            throw CollectionError(
                .unsupported,
                "the collection at \(layout.root) was written by a newer version of Cairn; update Cairn to open it")
        }
        let applicationID = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        // Empty: its maker was stopped before the first migration, for which GRDB makes a table in a transaction before it.
        let tables =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM sqlite_master WHERE name <> 'grdb_migrations' AND name NOT GLOB 'sqlite_*'
                    """) ?? 0
        let isEmpty = applicationID == 0 && tables == 0
        guard applicationID == CollectionSchema.applicationID || isEmpty && !complete else {
            throw isEmpty
                ? CollectionError(.notFound, "the collection at \(layout.root) is empty; index some photos first")
                : CollectionError(.invalidInput, "\(layout.database) is a database, but not a collection's")
        }
        if complete, try !migrator.hasCompletedMigrations(database) {
            throw CollectionError(
                .unsupported,
                "the collection at \(layout.root) was written by an older version of Cairn; run index once to bring it up to date"
            )
        }
    }
}
